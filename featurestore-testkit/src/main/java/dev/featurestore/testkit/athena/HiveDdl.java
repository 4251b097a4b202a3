package dev.featurestore.testkit.athena;

import dev.featurestore.testkit.athena.ExternalTable.Column;
import dev.featurestore.testkit.athena.ExternalTable.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    private static final Pattern CREATE = Pattern.compile("CREATE\\s+EXTERNAL\\s+TABLE\\b.*", FLAGS);

    private static final Pattern CREATE_TABLE = Pattern.compile(
            "CREATE\\s+EXTERNAL\\s+TABLE\\s+(IF\\s+NOT\\s+EXISTS\\s+)?" + NAME
                    + "\\s*\\((.*?)\\)\\s*(STORED\\s+AS\\s+PARQUET|ROW\\s+FORMAT\\s+SERDE\\s+'([^']*)')\\s*LOCATION\\s*'([^']*)'"
                    + "\\s*(?:TBLPROPERTIES\\s*\\(([^)]*)\\))?",
            FLAGS);

    private static final Pattern COLUMN = Pattern.compile(
            "\\s*(?:`([^`]+)`|(\\w+))\\s+(\\w+(?:\\s*\\(\\s*\\d+\\s*(?:,\\s*\\d+\\s*)?\\))?)\\s*(?:,|$)");

    private static final Pattern HEADER = Pattern.compile(".*'skip\\.header\\.line\\.count'\\s*=\\s*'1'.*", FLAGS);

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
                            + " type, …), then STORED AS PARQUET or ROW FORMAT SERDE '" + CSV
                            + "', then LOCATION 's3://…/', then TBLPROPERTIES (…)");
        }
        return new ExternalTable(
                names(create.group(2)),
                columns(create.group(3)),
                format(create.group(5), String.valueOf(create.group(7))),
                ParsedStatement.s3(create.group(6)),
                create.group(1) != null);
    }

    private static Format format(@Nullable String serde, String properties) {
        if (serde == null) {
            return Format.PARQUET;
        }
        if (!serde.equals(CSV) || !HEADER.matcher(properties).matches()) {
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
