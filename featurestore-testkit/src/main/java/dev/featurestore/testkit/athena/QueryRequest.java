package dev.featurestore.testkit.athena;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query was started with.
 *
 * @param sql the text
 * @param catalog null if it was not given
 * @param database null if it was not given
 * @param workgroup {@code primary} unless it was given
 * @param outputLocation an S3 prefix; null if it was not given
 * @param parameters the values of the text's question marks, as SQL
 */
public record QueryRequest(
        String sql,
        @Nullable String catalog,
        @Nullable String database,
        String workgroup,
        @Nullable String outputLocation,
        List<String> parameters) {
    /** The workgroup that every account has. */
    public static final String PRIMARY = "primary";

    /** Copies the parameters. */
    public QueryRequest {
        parameters = List.copyOf(parameters);
    }

    /** A query in the workgroup {@code primary}. */
    public static QueryRequest of(String sql, String outputLocation) {
        return new QueryRequest(sql, null, null, PRIMARY, outputLocation, List.of());
    }

    /** The length of the text and the workgroup; not the text, which may hold values. */
    @Override
    public String toString() {
        return "query of " + sql.length() + " characters in workgroup " + workgroup;
    }
}
