package dev.featurestore.examples.athena;

import dev.featurestore.errors.QueryFailedException;
import io.trino.spi.StandardErrorCode;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells what Trino said, unless it may have quoted a value of the data. */
final class TrinoErrors {
    /** Errors that are about the query's names and types. */
    private static final Set<Integer> SAFE = Stream.of(
                    StandardErrorCode.COLUMN_NOT_FOUND,
                    StandardErrorCode.NOT_SUPPORTED,
                    StandardErrorCode.TABLE_NOT_FOUND,
                    StandardErrorCode.TYPE_MISMATCH)
            .map(error -> error.toErrorCode().getCode())
            .collect(Collectors.toUnmodifiableSet());

    /** How a query that fails by itself says why: its text is ours and quotes nothing. */
    private static final String RAISED = "Cannot cast 'The ";

    private TrinoErrors() {}

    static QueryFailedException failed(String what, SQLException failure) {
        return new QueryFailedException("Could not " + what + ": " + told(failure));
    }

    private static String told(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        int raised = message.indexOf(RAISED);
        if (raised >= 0 && message.endsWith("' to BIGINT")) {
            return message.substring(raised + "Cannot cast '".length(), message.length() - "' to BIGINT".length());
        }
        int colon = message.indexOf(':');
        return SAFE.contains(failure.getErrorCode())
                ? message.substring(colon + 1).strip()
                : "Trino reports error " + failure.getErrorCode()
                        + "; its message may quote values and is left out. Check the types of the spine's columns";
    }
}
