package dev.featurestore.examples.athena;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.sql.TableNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The tables of groups in Trino, as the service makes them in the data catalog: lower-cased names, no partitions. Each is made
 * when first asked for and forgotten when this is closed; the files are never touched. Safe for use by many threads.
 */
public final class GroupTables implements TableNames, AutoCloseable {
    private final LocalTrino trino;

    private final Function<FeatureGroup<?>, Path> folders;

    private final TableNames names;

    /** By group. */
    private final Map<String, List<String>> tables = new ConcurrentHashMap<>();

    /**
     * Tables over folders of Parquet files.
     *
     * @param folders where a group's files are, such as {@code LocalOfflineStore::dataOf}
     * @param names database and table of a group
     */
    public GroupTables(LocalTrino trino, Function<FeatureGroup<?>, Path> folders, TableNames names) {
        this.trino = trino;
        this.folders = folders;
        this.names = names;
    }

    @Override
    public List<String> of(FeatureGroup<?> group) {
        return tables.computeIfAbsent(group.name(), name -> create(group));
    }

    private List<String> create(FeatureGroup<?> group) {
        List<String> name = names.of(group);
        List<String> columns = new ArrayList<>();
        for (Feature<?> feature : group.features()) {
            String type =
                    switch (feature.type()) {
                        case STRING -> "VARCHAR";
                        case INTEGRAL -> "BIGINT";
                        case FRACTIONAL -> "DOUBLE";
                    };
            columns.add(LocalTrino.quoted(feature.name().toLowerCase(Locale.ROOT)) + " " + type);
        }
        columns.add("write_time TIMESTAMP(3)");
        columns.add("api_invocation_time TIMESTAMP(3)");
        columns.add("is_deleted BOOLEAN");
        trino.createSchema(name.get(0));
        trino.execute("CREATE TABLE " + LocalTrino.quoted(name) + " (" + String.join(", ", columns) + ")"
                + LocalTrino.files(folders.apply(group), "'PARQUET'"));
        return name;
    }

    /** Forgets the tables. */
    @Override
    public void close() {
        tables.values().removeIf(table -> {
            trino.execute("DROP TABLE " + LocalTrino.quoted(table));
            return true;
        });
    }

    @Override
    public String toString() {
        return "tables of " + tables.size() + " groups in Trino";
    }
}
