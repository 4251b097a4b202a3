package dev.featurestore.aws;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Athena says of a query that ended badly, without what it may quote of the data. Kinds of error that are about the
 * data, such as a cast that failed, are told by their names alone.
 */
final class QueryReason {
    private static final Pattern KIND = Pattern.compile("^([A-Z][A-Z0-9_]{3,}): ?");

    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

    /** Kinds that are about the query, the catalog or the engine. */
    private static final Set<String> TOLD = Set.of(
            "ACCESS_DENIED",
            "AMBIGUOUS_NAME",
            "CATALOG_NOT_FOUND",
            "COLUMN_NOT_FOUND",
            "COLUMN_TYPE_UNKNOWN",
            "DUPLICATE_COLUMN_NAME",
            "EXCEEDED_LOCAL_MEMORY_LIMIT",
            "EXCEEDED_MEMORY_LIMIT",
            "EXCEEDED_TIME_LIMIT",
            "FUNCTION_NOT_FOUND",
            "HIVE_METASTORE_ERROR",
            "HIVE_PATH_ALREADY_EXISTS",
            "HIVE_TOO_MANY_OPEN_PARTITIONS",
            "ICEBERG_CATALOG_ERROR",
            "INVALID_TABLE_PROPERTY",
            "MISSING_COLUMN_NAME",
            "NOT_SUPPORTED",
            "PERMISSION_DENIED",
            "QUERY_TEXT_TOO_LARGE",
            "SCHEMA_NOT_FOUND",
            "SYNTAX_ERROR",
            "TABLE_ALREADY_EXISTS",
            "TABLE_NOT_FOUND",
            "TYPE_MISMATCH");

    /** What the queries of this library say of the data themselves, without quoting it. */
    private static final Pattern OURS =
            Pattern.compile("(The (?:spine|event time|arrival time)[^:]*?(?: is not a UTC time such as [-0-9T:.Z]+"
                    + "| label time is null| is not a whole number(?: of milliseconds| or text)?))");

    private QueryReason() {}

    static String told(@Nullable String reason) {
        if (reason == null || reason.isBlank()) {
            return "Athena gives no reason";
        }
        Matcher kind = KIND.matcher(reason);
        if (!kind.find() || TOLD.contains(kind.group(1))) {
            return QUOTED.matcher(reason).replaceAll("'…'");
        }
        Matcher ours = OURS.matcher(reason);
        return kind.group(1)
                + (ours.find()
                        ? ": " + ours.group(1)
                        : "; what Athena says of it may quote the data and is left out: see the query's state in Athena");
    }
}
