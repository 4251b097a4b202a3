package dev.featurestore.testkit.athena;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A statement by its kind, with what is Athena's own taken off. */
sealed interface ParsedStatement {
    /** What GetQueryExecution calls it: DML, DDL or UTILITY. */
    String type();

    /** What GetQueryExecution calls it more closely. */
    String substatementType();

    /** What an engine is to run of it; the whole text where there is nothing else. */
    String sql();

    /** A query. */
    record Query(String sql) implements ParsedStatement {
        @Override
        public String type() {
            return "DML";
        }

        @Override
        public String substatementType() {
            return "SELECT";
        }
    }

    /** A query whose rows become files. */
    record Unload(String sql, URI target) implements ParsedStatement {
        @Override
        public String type() {
            return "DML";
        }

        @Override
        public String substatementType() {
            return "UNLOAD";
        }
    }

    /**
     * A query whose rows become a table.
     *
     * @param location where its files go; null for the place of results
     */
    record CreateTableAs(List<String> name, @Nullable URI location, String sql) implements ParsedStatement {
        @Override
        public String type() {
            return "DDL";
        }

        @Override
        public String substatementType() {
            return "CREATE_TABLE_AS_SELECT";
        }
    }

    /** A table over files. */
    record CreateTable(ExternalTable table, String sql) implements ParsedStatement {
        @Override
        public String type() {
            return "DDL";
        }

        @Override
        public String substatementType() {
            return "CREATE_TABLE";
        }
    }

    /** A table that is not wanted any more. */
    record DropTable(List<String> name, boolean ifExists, String sql) implements ParsedStatement {
        @Override
        public String type() {
            return "DDL";
        }

        @Override
        public String substatementType() {
            return "DROP_TABLE";
        }
    }

    /** All else. */
    record Update(String sql) implements ParsedStatement {
        @Override
        public String type() {
            return "DDL";
        }

        @Override
        public String substatementType() {
            return "DDL";
        }
    }

    Pattern UNLOAD = Pattern.compile(
            "UNLOAD\\s*\\((.*)\\)\\s*TO\\s*'([^']*)'\\s*WITH\\s*\\(([^)]*)\\)",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    Pattern CREATE_TABLE_AS = Pattern.compile(
            "CREATE\\s+TABLE\\s+((?:\"[^\"]+\"|\\w+)(?:\\.(?:\"[^\"]+\"|\\w+)){0,2})\\s+WITH\\s*\\(([^)]*)\\)\\s*AS\\s+(.*)",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    Pattern PROPERTY = Pattern.compile("(\\w+)\\s*=\\s*'([^']*)'");

    /**
     * Takes a text apart.
     *
     * @throws AthenaFailure if it is an UNLOAD, CREATE TABLE or DROP TABLE that Athena, or the emulator, does not take
     */
    static ParsedStatement of(String sql) {
        String text = sql.strip();
        String start = text.substring(0, Math.min(text.length(), 8)).toUpperCase(Locale.ROOT);
        if (HiveDdl.isCreateTable(text)) {
            return new CreateTable(HiveDdl.createTable(text), text);
        }
        Matcher drop = HiveDdl.DROP_TABLE.matcher(text);
        if (drop.matches()) {
            return new DropTable(HiveDdl.names(drop.group(2)), drop.group(1) != null, text);
        }
        if (start.startsWith("UNLOAD")) {
            return unload(text);
        }
        Matcher create = CREATE_TABLE_AS.matcher(text);
        if (start.startsWith("CREATE") && create.matches()) {
            requireParquet(create.group(2));
            String location = property(create.group(2), "external_location");
            return new CreateTableAs(names(create.group(1)), location == null ? null : s3(location), create.group(3));
        }
        return start.startsWith("SELECT") || start.startsWith("WITH") || start.startsWith("(")
                ? new Query(text)
                : new Update(text);
    }

    private static Unload unload(String text) {
        Matcher unload = UNLOAD.matcher(text);
        if (!unload.matches()) {
            throw new AthenaFailure("SYNTAX_ERROR: expected UNLOAD (query) TO 's3://…/' WITH (format = '…')");
        }
        requireParquet(unload.group(3));
        return new Unload(unload.group(1), s3(unload.group(2)));
    }

    static URI s3(String location) {
        if (!location.startsWith("s3://")) {
            throw new AthenaFailure("INVALID_TABLE_PROPERTY: the location is not an S3 URI");
        }
        return URI.create(location);
    }

    private static void requireParquet(String properties) {
        if (!"PARQUET".equalsIgnoreCase(property(properties, "format"))) {
            throw new AthenaFailure("NOT_SUPPORTED: the emulator writes format = 'PARQUET' only");
        }
    }

    private static @Nullable String property(String properties, String name) {
        Matcher property = PROPERTY.matcher(properties);
        while (property.find()) {
            if (property.group(1).equalsIgnoreCase(name)) {
                return property.group(2);
            }
        }
        return null;
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        Matcher part = Pattern.compile("\"([^\"]+)\"|(\\w+)").matcher(text);
        while (part.find()) {
            names.add(part.group(1) == null ? part.group(2) : part.group(1));
        }
        return names;
    }
}
