package dev.featurestore.testkit;

import dev.featurestore.errors.QueryFailedException;
import java.sql.SQLException;
import java.util.List;

/** Tells what DuckDB said, unless it may have quoted a value of the data. */
final class DuckDbErrors {
    /** Kinds of error that are about the query or the machine, not about the data. */
    private static final List<String> SAFE = List.of(
            "Binder Error",
            "Catalog Error",
            "Connection Error",
            "INTERRUPT Error",
            "IO Error",
            "Out of Memory Error",
            "Parser Error",
            "Resource In Use Error");

    /** What the queries of this library, and what reads their rows, say of the data without quoting it. */
    private static final List<String> OURS =
            List.of(" is not a UTC time such as ", "label time is null", "is not a whole number");

    /** The kind of an error that a query raises itself. */
    private static final String RAISED = "Invalid Input Error: ";

    /** All that is left of a query's own error when its rows are streamed. */
    private static final String UNTOLD = RAISED + "Invalid result set";

    private DuckDbErrors() {}

    /**
     * A failure to tell the caller.
     *
     * @param what what could not be done
     * @param hint a sentence on what to look at if the message has to be left out
     */
    static QueryFailedException failed(String what, String hint, SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if (SAFE.stream().anyMatch(message::startsWith)
                || (message.startsWith(RAISED) && OURS.stream().anyMatch(message::contains))) {
            String told = withoutQuery(message);
            return new QueryFailedException(
                    "Could not " + what + ": " + told, null, null, new SQLException(told, failure.getSQLState()));
        }
        if (message.equals(UNTOLD)) {
            return new QueryFailedException("Could not " + what
                    + ": DuckDB does not say why a query failed whose rows are streamed; export the same set to a file to"
                    + " see the reason");
        }
        int colon = message.indexOf(':');
        return new QueryFailedException("Could not " + what + ": DuckDB reports a "
                + (colon > 0 && colon < 40 ? message.substring(0, colon) : "failure")
                + " in the data; its message may quote values and is left out. "
                + hint);
    }

    /** DuckDB prints the line of the query that it stumbled over, and a spine in memory is part of the query. */
    private static String withoutQuery(String message) {
        int line = message.indexOf("\nLINE ");
        return line < 0 ? message : message.substring(0, line).stripTrailing();
    }
}
