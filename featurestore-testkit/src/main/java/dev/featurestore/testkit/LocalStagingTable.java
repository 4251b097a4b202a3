package dev.featurestore.testkit;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.spi.WireRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one group on their way to its files, in a table of DuckDB with the columns of the files: the features in lower
 * case, then those of the service. Whoever uses it holds the monitor of the {@link DuckDbEngine}.
 */
final class LocalStagingTable {
    private final DuckDbEngine engine;

    private final String name;

    private FeatureColumns columns;

    /** @param name that of no other table; DuckDB folds case, and groups may differ in it alone */
    LocalStagingTable(DuckDbEngine engine, String name, FeatureGroup<?> group) {
        this.engine = engine;
        this.name = name;
        this.columns = group.columns();
    }

    /** The table's name in SQL. */
    String sqlName() {
        return DuckDbEngine.quoted(name);
    }

    void create() throws SQLException {
        try (Statement statement = engine.connection().createStatement()) {
            statement.execute("CREATE TABLE " + sqlName() + " (" + definition(columns) + ")");
        }
    }

    /** Adds columns for the features that the table lacks, null in the rows that are there; false if it has them all. */
    boolean widen(FeatureGroup<?> group) throws SQLException {
        FeatureColumns wider = with(group);
        if (wider.size() == columns.size()) {
            return false;
        }
        String next = DuckDbEngine.quoted(name + "_next");
        Connection connection = engine.connection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN TRANSACTION");
            try {
                // made anew, since a column can only be added behind those of the service
                statement.execute("CREATE TABLE " + next + " (" + definition(wider) + ")");
                statement.execute("INSERT INTO " + next + " BY NAME SELECT * FROM " + sqlName());
                statement.execute("DROP TABLE " + sqlName());
                statement.execute("ALTER TABLE " + next + " RENAME TO " + sqlName());
                statement.execute("COMMIT");
            } catch (SQLException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        }
        columns = wider;
        return true;
    }

    private FeatureColumns with(FeatureGroup<?> group) {
        List<Feature<?>> features = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            features.add(columns.feature(i));
            names.add(folded(columns.name(i)));
        }
        group.features().stream()
                .filter(feature -> !names.contains(folded(feature.name())))
                .forEach(features::add);
        return new FeatureColumns(
                columns.owner(), features.stream().map(Feature::name).toList(), features);
    }

    /** Takes away what is in another table, each row as often as it is there. */
    void subtract(String other) throws SQLException {
        String next = DuckDbEngine.quoted(name + "_next");
        String all = columnNames();
        try (Statement statement = engine.connection().createStatement()) {
            statement.execute("CREATE TABLE " + next + " AS SELECT " + all + " FROM " + sqlName()
                    + " EXCEPT ALL SELECT " + all + " FROM " + other
                    + " WHERE write_time >= (SELECT min(write_time) FROM "
                    + sqlName() + ")");
            statement.execute("DELETE FROM " + sqlName());
            statement.execute("INSERT INTO " + sqlName() + " SELECT * FROM " + next);
            statement.execute("DROP TABLE " + next);
        }
    }

    private String columnNames() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            all.add(DuckDbEngine.quoted(folded(columns.name(i))));
        }
        all.add("write_time");
        all.add("api_invocation_time");
        all.add("is_deleted");
        return String.join(", ", all);
    }

    /** Appends rows; an appender belongs to the thread that made it. */
    void append(List<OfflineRow> rows) throws SQLException {
        try (DuckDBAppender appender =
                engine.connection().unwrap(DuckDBConnection.class).createAppender(name)) {
            for (OfflineRow row : rows) {
                append(appender, row);
            }
        }
    }

    private void append(DuckDBAppender appender, OfflineRow row) throws SQLException {
        @Nullable String[] texts = new @Nullable String[columns.size()];
        WireRecord record = row.record();
        int expected = 0;
        for (int n = 0; n < record.size(); n++) {
            int i = columns.find(record.name(n), expected);
            texts[i] = record.text(n);
            expected = i + 1;
        }
        appender.beginRow();
        for (int i = 0; i < texts.length; i++) {
            append(appender, columns.feature(i).type(), texts[i]);
        }
        appendTime(appender, row.writeTime());
        appendTime(appender, row.apiInvocationTime());
        appender.append(row.deleted());
        appender.endRow();
    }

    private static void append(DuckDBAppender appender, FeatureType type, @Nullable String text) throws SQLException {
        if (text == null) {
            appender.appendNull();
            return;
        }
        switch (type) {
            case STRING -> appender.append(text);
            case INTEGRAL -> appender.append(Long.parseLong(text));
            case FRACTIONAL -> appender.append(Double.parseDouble(text));
        }
    }

    private static void appendTime(DuckDBAppender appender, Instant time) throws SQLException {
        appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    private static String definition(FeatureColumns columns) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String type =
                    switch (columns.feature(i).type()) {
                        case STRING -> "VARCHAR";
                        case INTEGRAL -> "BIGINT";
                        case FRACTIONAL -> "DOUBLE";
                    };
            all.add(DuckDbEngine.quoted(folded(columns.name(i))) + " " + type);
        }
        all.add("write_time TIMESTAMPTZ");
        all.add("api_invocation_time TIMESTAMPTZ");
        all.add("is_deleted BOOLEAN");
        return String.join(", ", all);
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
