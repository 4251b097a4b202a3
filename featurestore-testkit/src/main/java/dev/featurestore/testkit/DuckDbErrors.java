package dev.featurestore.testkit;

import dev.featurestore.errors.QueryFailedException;
import java.sql.SQLException;
import java.util.List;

/** Tells what DuckDB said, unless it may have quoted a value of the data. */
final class DuckDbErrors {
    /** Kinds of error that are about the query or the machine, not about the data. */
    private static final List<String> SAFE = List.of(
            "Binder Error", "Catalog Error", "Parser Error", "IO Error", "Out of Memory Error", "INTERRUPT Error");

    private DuckDbErrors() {}

    static QueryFailedException failed(String what, SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        int ours = message.indexOf(" is not a UTC time such as ");
        if (SAFE.stream().anyMatch(message::startsWith) || ours >= 0) {
            String told = withoutQuery(message);
            return new QueryFailedException(
                    "Could not " + what + ": " + told, null, null, new SQLException(told, failure.getSQLState()));
        }
        int colon = message.indexOf(':');
        return new QueryFailedException("Could not " + what + ": DuckDB reports a "
                + (colon > 0 && colon < 40 ? message.substring(0, colon) : "failure")
                + " in the data; its message may quote values and is left out. Check the types of the spine's columns");
    }

    /** DuckDB prints the line of the query that it stumbled over, and a spine in memory is part of the query. */
    private static String withoutQuery(String message) {
        int line = message.indexOf("\nLINE ");
        return line < 0 ? message : message.substring(0, line).stripTrailing();
    }
}
