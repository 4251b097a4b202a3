package dev.featurestore.testkit.athena;

import dev.featurestore.testkit.athena.ExternalTable.Column;
import dev.featurestore.testkit.athena.ExternalTable.Format;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hive's statements about tables, which Athena has beside Trino's language, as far as tables over plain files need them.
 * Names are bare or in backticks, texts in single quotes.
 */
final class HiveDdl {
    private static final int FLAGS = Pattern.DOTALL | Pattern.CASE_INSENSITIVE;

    private static final String NAME = "((?:`[^`]+`|\\w+)(?:\\s*\\.\\s*(?:`[^`]+`|\\w+))?)";

    /** Its group is the text, in which a quote is two. */
    private static final String TEXT = "'((?:[^']++|'')*+)'";

    private static final Pattern CREATE = Pattern.compile("CREATE\\s+EXTERNAL\\s+TABLE\\b.*", FLAGS);

    private static final Pattern CREATE_TABLE = Pattern.compile(
            "CREATE\\s+EXTERNAL\\s+TABLE\\s+(IF\\s+NOT\\s+EXISTS\\s+)?" + NAME
                    + "\\s*\\((.*?)\\)\\s*(?:PARTITIONED\\s+BY\\s*\\(([^)]*)\\)\\s*)?(STORED\\s+AS\\s+PARQUET|ROW\\s+FORMAT\\s+SERDE\\s+'([^']*)')\\s*LOCATION\\s*"
                    + TEXT
                    + "\\s*(?:TBLPROPERTIES\\s*\\(((?:[^')]++|'[^']*+')*+)\\))?",
            FLAGS);

    private static final Pattern COLUMN = Pattern.compile(
            "\\s*(?:`([^`]+)`|(\\w+))\\s+(\\w+(?:\\s*\\(\\s*\\d+\\s*(?:,\\s*\\d+\\s*)?\\))?)\\s*(?:,|$)");

    private static final Pattern PROPERTY = Pattern.compile("'([^']*)'\\s*=\\s*" + TEXT);

    private static final Pattern RANGE = Pattern.compile("(\\d+)\\s*,\\s*(\\d+)");

    private static final String CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde";

    /** Its groups are IF EXISTS and the name. */
    static final Pattern DROP_TABLE = Pattern.compile("DROP\\s+TABLE\\s+(IF\\s+EXISTS\\s+)?" + NAME, FLAGS);

    private HiveDdl() {}

    static boolean isCreateTable(String text) {
        return CREATE.matcher(text).matches();
    }

    /** @throws AthenaFailure if it is of a form that the emulator does not take */
    static ExternalTable createTable(String text) {
        Matcher create = CREATE_TABLE.matcher(text);
        if (!create.matches()) {
            throw new AthenaFailure(
                    "NOT_SUPPORTED: the emulator takes CREATE EXTERNAL TABLE [IF NOT EXISTS] name (column"
                            + " type, …), then PARTITIONED BY (column string, …), then STORED AS PARQUET or ROW FORMAT SERDE '"
                            + CSV
                            + "', then LOCATION 's3://…/', then TBLPROPERTIES (…)");
        }
        Map<String, String> properties = properties(create.group(8));
        String location = create.group(7).replace("''", "'");
        return new ExternalTable(
                names(create.group(2)),
                columns(create.group(3)),
                format(create.group(6), properties),
                ParsedStatement.s3(location),
                create.group(4) == null ? null : projection(columns(create.group(4)), properties, location),
                create.group(1) != null);
    }

    private static Map<String, String> properties(@Nullable String text) {
        Map<String, String> properties = new HashMap<>();
        Matcher property = PROPERTY.matcher(String.valueOf(text));
        while (property.find()) {
            properties.put(property.group(1), property.group(2).replace("''", "'"));
        }
        return properties;
    }

    /** Of the partitions that Athena can have, those that are made up of ranges of numbers. */
    private static PartitionProjection projection(
            List<Column> partitions, Map<String, String> properties, String location) {
        String folder = location.replaceAll("/+$", "");
        String template = properties.getOrDefault("storage.location.template", "");
        if (!"true".equals(properties.get("projection.enabled")) || !template.startsWith(folder + "/")) {
            throw new AthenaFailure(
                    "NOT_SUPPORTED: the emulator has partitions by projection alone: expected TBLPROPERTIES"
                            + " ('projection.enabled' = 'true', …, 'storage.location.template' = …), below the table's location");
        }
        return new PartitionProjection(
                partitions.stream().map(column -> projected(column, properties)).toList(),
                template.substring(folder.length() + 1));
    }

    private static PartitionProjection.Column projected(Column column, Map<String, String> properties) {
        String property = "projection." + column.name() + ".";
        Matcher range = RANGE.matcher(properties.getOrDefault(property + "range", ""));
        String digits = properties.getOrDefault(property + "digits", "1");
        if (!column.type().equals("string")
                || !"integer".equals(properties.get(property + "type"))
                || !range.matches()
                || !digits.matches("\\d{1,2}")) {
            throw new AthenaFailure("NOT_SUPPORTED: the emulator projects text columns of whole numbers: expected '"
                    + property + "type' = 'integer', '" + property + "range' = 'first,last' and digits");
        }
        return new PartitionProjection.Column(
                column.name(),
                Long.parseLong(range.group(1)),
                Long.parseLong(range.group(2)),
                Integer.parseInt(digits));
    }

    private static Format format(@Nullable String serde, Map<String, String> properties) {
        if (serde == null) {
            return Format.PARQUET;
        }
        if (!serde.equals(CSV) || !"1".equals(properties.get("skip.header.line.count"))) {
            throw new AthenaFailure("NOT_SUPPORTED: the emulator reads CSV by " + CSV
                    + " with TBLPROPERTIES ('skip.header.line.count' = '1')");
        }
        return Format.CSV;
    }

    private static List<Column> columns(String text) {
        List<Column> columns = new ArrayList<>();
        Matcher column = COLUMN.matcher(text);
        int end = 0;
        while (end < text.length() && column.find(end) && column.start() == end) {
            String name = column.group(1) == null ? column.group(2) : column.group(1);
            String type = column.group(3).toLowerCase(Locale.ROOT).replaceAll("\\s", "");
            columns.add(new Column(name.toLowerCase(Locale.ROOT), type));
            end = column.end();
        }
        if (end < text.length() || columns.isEmpty()) {
            throw new AthenaFailure("SYNTAX_ERROR: expected columns such as `card_id` string, `amount` decimal(10,2)");
        }
        return columns;
    }

    static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        Matcher part = Pattern.compile("`([^`]+)`|(\\w+)").matcher(text);
        while (part.find()) {
            names.add(part.group(1) == null ? part.group(2) : part.group(1));
        }
        return names;
    }
}
