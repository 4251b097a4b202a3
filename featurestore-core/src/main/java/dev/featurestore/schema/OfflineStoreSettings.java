package dev.featurestore.schema;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A group's offline store: every record ever written, as Parquet files under an S3 prefix, queried as a table. */
public final class OfflineStoreSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How the table is laid out. */
    public enum TableFormat {
        /** Folders by hour of the event time; the default. */
        GLUE,
        /** Apache Iceberg; the event time must be text. */
        ICEBERG
    }

    /** Who makes the table of the data catalog. */
    public enum CatalogTable {
        /** The service creates and maintains it; the default. */
        CREATED_BY_SERVICE,
        /** You create and maintain it under the given name. */
        BRING_YOUR_OWN,
        /** There is none: only files. */
        NONE
    }

    private final String s3Uri;

    private final TableFormat tableFormat;

    private final @Nullable String kmsKeyId;

    private final CatalogTable catalogTable;

    private final @Nullable String database;

    private final @Nullable String table;

    private OfflineStoreSettings(Builder builder) {
        this.s3Uri = builder.s3Uri;
        this.tableFormat = builder.tableFormat;
        this.kmsKeyId = builder.kmsKeyId;
        this.catalogTable = builder.catalogTable;
        this.database = builder.database;
        this.table = builder.table;
    }

    /** The prefix under which the service makes its own folders; empty text if it was not set, which no group accepts. */
    public String s3Uri() {
        return s3Uri;
    }

    /** How the table is laid out. */
    public TableFormat tableFormat() {
        return tableFormat;
    }

    /** The key that encrypts the files; empty for the bucket's default. */
    public Optional<String> kmsKeyId() {
        return Optional.ofNullable(kmsKeyId);
    }

    /** Who makes the table. */
    public CatalogTable catalogTable() {
        return catalogTable;
    }

    /** The table's database; empty if the service names it. */
    public Optional<String> database() {
        return Optional.ofNullable(database);
    }

    /** The table's name; empty if the service names it, which it does with a suffix of its own: read it from the group. */
    public Optional<String> table() {
        return Optional.ofNullable(table);
    }

    /** Collects the settings of an offline store. */
    public static final class Builder {
        private String s3Uri = "";
        private TableFormat tableFormat = TableFormat.GLUE;
        private @Nullable String kmsKeyId;
        private CatalogTable catalogTable = CatalogTable.CREATED_BY_SERVICE;
        private @Nullable String database;
        private @Nullable String table;

        Builder() {}

        /** The prefix, such as {@code s3://bucket/features}; required. */
        public Builder s3Uri(String uri) {
            this.s3Uri = Objects.requireNonNull(uri, "uri");
            return this;
        }

        /** How the table is laid out. */
        public Builder tableFormat(TableFormat format) {
            this.tableFormat = Objects.requireNonNull(format, "format");
            return this;
        }

        /** A key of your own that encrypts the files. */
        public Builder kmsKeyId(String id) {
            this.kmsKeyId = Objects.requireNonNull(id, "id");
            return this;
        }

        /** The service creates the table under this name; lower case letters, digits and underscores. */
        public Builder table(String databaseName, String tableName) {
            return named(CatalogTable.CREATED_BY_SERVICE, databaseName, tableName);
        }

        /** You create and maintain the table of this name. Not for Iceberg. */
        public Builder existingTable(String databaseName, String tableName) {
            return named(CatalogTable.BRING_YOUR_OWN, databaseName, tableName);
        }

        /** No table, only files. Not for Iceberg. */
        public Builder withoutTable() {
            return catalogTable(CatalogTable.NONE, null, null);
        }

        Builder catalogTable(CatalogTable kind, @Nullable String databaseName, @Nullable String tableName) {
            this.catalogTable = kind;
            this.database = databaseName;
            this.table = tableName;
            return this;
        }

        private Builder named(CatalogTable kind, String databaseName, String tableName) {
            return catalogTable(
                    kind,
                    Objects.requireNonNull(databaseName, "databaseName"),
                    Objects.requireNonNull(tableName, "tableName"));
        }

        OfflineStoreSettings build() {
            return new OfflineStoreSettings(this);
        }
    }
}
