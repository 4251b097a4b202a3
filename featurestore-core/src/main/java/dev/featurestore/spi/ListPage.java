package dev.featurestore.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of identifiers; may be empty although more follow.
 *
 * @param identifiers in no order
 * @param nextToken for the next page; null on the last
 */
public record ListPage(List<String> identifiers, @Nullable String nextToken) {
    /** Copies the list. */
    public ListPage {
        identifiers = List.copyOf(identifiers);
    }

    /** The number of identifiers; none of them. */
    @Override
    public String toString() {
        return "ListPage[identifiers=" + identifiers.size() + "]";
    }
}
