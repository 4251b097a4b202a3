package dev.featurestore;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.WireRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service's limits of size, counted as UTF-8 bytes of names and values; the service's exact formula is not documented. */
final class RecordLimits {
    private static final int MAX_RECORD_BYTES = 350 * 1024;

    private static final int MAX_IDENTIFIER_BYTES = 2048;

    /** A char takes at most 3 bytes of UTF-8, so anything below a third of the limit needs no exact count. */
    private static final int WORST_BYTES_PER_CHAR = 3;

    private RecordLimits() {}

    static void check(FeatureGroup<?> group, WireRecord record) {
        long chars = 0;
        for (int n = 0; n < record.size(); n++) {
            chars += record.name(n).length() + lengthOf(record.text(n), record.texts(n));
        }
        if (chars * WORST_BYTES_PER_CHAR > MAX_RECORD_BYTES) {
            checkExactly(group, record);
        }
        String identifier = record.text(group.recordIdentifier().name());
        if (identifier != null) {
            checkIdentifier(group, identifier);
        }
    }

    static void checkIdentifier(FeatureGroup<?> group, String identifier) {
        if (identifier.isEmpty()) {
            throw refused(group, "its record identifier is empty");
        }
        if (identifier.length() * WORST_BYTES_PER_CHAR > MAX_IDENTIFIER_BYTES
                && utf8(identifier) > MAX_IDENTIFIER_BYTES) {
            throw refused(
                    group,
                    "its record identifier has " + utf8(identifier) + " bytes, at most " + MAX_IDENTIFIER_BYTES
                            + " are allowed");
        }
    }

    private static void checkExactly(FeatureGroup<?> group, WireRecord record) {
        for (int n = 0; n < record.size(); n++) {
            if (record.bytes(n) > MAX_RECORD_BYTES) {
                throw refused(
                        group,
                        "feature '" + record.name(n) + "' has " + record.bytes(n) + " bytes, at most "
                                + MAX_RECORD_BYTES + " are allowed");
            }
        }
        long total = record.bytes();
        if (total > MAX_RECORD_BYTES) {
            throw refused(group, "it has " + total + " bytes, at most " + MAX_RECORD_BYTES + " are allowed");
        }
    }

    private static long lengthOf(@Nullable String text, @Nullable List<String> texts) {
        if (text != null) {
            return text.length();
        }
        return texts == null ? 0 : texts.stream().mapToLong(String::length).sum();
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static RecordMappingException refused(FeatureGroup<?> group, String why) {
        return new RecordMappingException(
                "A record of feature group '" + group.name() + "' cannot be stored: " + why, group.name(), null, null);
    }
}
