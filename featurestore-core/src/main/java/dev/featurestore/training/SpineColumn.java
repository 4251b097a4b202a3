package dev.featurestore.training;

import java.io.Serializable;
import java.util.Objects;

/**
 * A column of files that hold the rows of a {@link Spine}.
 *
 * @param name as the files have it; case does not count
 * @param type what the files hold, for engines that must be told
 */
public record SpineColumn(String name, ColumnType type) implements Serializable {
    /** @throws IllegalArgumentException if the name is blank, or has a backtick or a control character */
    public SpineColumn {
        Objects.requireNonNull(type, "type");
        if (name.isBlank() || name.chars().anyMatch(c -> c == '`' || c < ' ')) {
            throw new IllegalArgumentException(
                    "A column of the spine's files needs a name without backticks and control characters");
        }
    }

    /** A column. */
    public static SpineColumn of(String name, ColumnType type) {
        return new SpineColumn(name, type);
    }
}
