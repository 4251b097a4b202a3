package dev.featurestore.examples.athena;

import dev.featurestore.errors.QueryFailedException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Tells what Trino said, unless it may have quoted a value of the data. */
final class TrinoErrors {
    /** Kinds of error that are about the query or the engine. */
    private static final List<String> SAFE = List.of(
            "COLUMN_NOT_FOUND", "TABLE_NOT_FOUND", "TYPE_MISMATCH", "EXCEEDED_GLOBAL_MEMORY_LIMIT", "NOT_SUPPORTED");

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
        boolean isSafe = SAFE.contains(String.valueOf(failure.getSQLState()).toUpperCase(Locale.ROOT));
        return isSafe
                ? message.substring(colon + 1).strip()
                : "Trino reports error " + failure.getErrorCode()
                        + "; its message may quote values and is left out. Check the types of the spine's columns";
    }
}
