package dev.featurestore.aws;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.Sleeper;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.spi.FindingReader;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.ResultRow;
import dev.featurestore.sql.ProjectedTable;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

/**
 * The offline store on Amazon Athena, over the official SDK: training sets are queries, waited for within a timeout, and
 * cancelled when they take too long, scan too much, or nobody waits for them any more.
 *
 * <p>A start is repeated with the same client request token, so that a lost answer makes no second query. A query that failed
 * or was cancelled is not run again. What the caller needs to be allowed, and how sharp the ceiling is, is in {@code
 * docs/training-sets.md}. Safe for use by many threads; closes nothing.
 */
public final class AthenaOfflineStore implements OfflineStore {
    private final AthenaConnection athena;

    private final SqlDialect dialect;

    private final TableNames tables;

    private AthenaOfflineStore(AthenaConnection athena, SqlDialect dialect, TableNames tables) {
        this.athena = athena;
        this.dialect = dialect;
        this.tables = tables;
    }

    /** Starts a store. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts the query of a training set. The first row that is asked for waits until it has ended; closing the rows before
     * cancels it. Labels in files need a table, which is waited for here, and dropped when the query has ended: close the
     * rows, or read them.
     *
     * @throws InvalidRequestException if Athena refuses it, or its text is too long
     */
    @Override
    public TrainingRows run(TrainingSet set) {
        TrainingSet audited = set.withAudit(AuditColumn.EVENT_TIME);
        // another token each time: the same set asked for again is to see what has arrived since
        String token = UUID.randomUUID().toString();
        SpineTable labels = SpineTable.over(athena, audited, token);
        try {
            String sql = dialect.render(labels.set(), tables);
            return new AthenaTrainingRows(
                    athena.start("Running " + set, sql, token).afterwards(labels::drop), audited);
        } catch (RuntimeException e) {
            labels.drop();
            throw e;
        }
    }

    /**
     * Runs a training set and writes its rows as Parquet files below an S3 prefix, by UNLOAD. If it failed, name another
     * target: what Athena may have left at this one it does not remove.
     *
     * <p>That the files are whole is Athena's word, given by the state SUCCEEDED and by the number of rows it tells; this
     * library has no client of S3, and does not read the manifest that the query's report names.
     *
     * @param target an {@code s3:} prefix that holds nothing yet
     * @return the number of rows; -1 if Athena does not tell
     */
    @Override
    public long unload(TrainingSet set, URI target) {
        return unload(set, target, UUID.randomUUID().toString());
    }

    /**
     * The same. Athena is given a token made of the name of the work and the query: a query that was started for it before is
     * waited for, or its result told, and no other is started. One that failed before fails at once.
     */
    @Override
    public long unload(TrainingSet set, URI target, String work) {
        String prefix = prefix(target);
        return overLabels(set, work, labelled -> {
            String sql = "UNLOAD (\n" + dialect.render(labelled, tables) + "\n) TO " + literal(prefix)
                    + " WITH (format = 'PARQUET')";
            AthenaQuery query = athena.start("Unloading " + set, sql, token(work, sql));
            query.await();
            return rowsWritten(query);
        });
    }

    /** Does something with a set whose labels Athena can read. */
    private <T> T overLabels(TrainingSet set, String work, Function<TrainingSet, T> use) {
        SpineTable labels = SpineTable.over(athena, set, work);
        try {
            return use.apply(labels.set());
        } finally {
            labels.drop();
        }
    }

    private void overLabels(TrainingSet set, Consumer<TrainingSet> use) {
        SpineTable labels = SpineTable.over(athena, set, UUID.randomUUID().toString());
        try {
            use.accept(labels.set());
        } finally {
            labels.drop();
        }
    }

    /**
     * Runs a training set and makes a table of its rows: Parquet files below an S3 prefix, by CREATE TABLE AS.
     *
     * @param target an {@code s3:} prefix that holds nothing yet
     * @param name the parts of the table's name, such as database and table; it must not be there yet
     * @return the number of rows; -1 if Athena does not tell
     */
    public long createTable(TrainingSet set, URI target, String... name) {
        String table = List.of(name).stream()
                .map(part -> '"' + part.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining("."));
        String prefix = prefix(target);
        String token = UUID.randomUUID().toString();
        return overLabels(set, token, labelled -> {
            String sql = "CREATE TABLE " + table + " WITH (format = 'PARQUET', external_location = " + literal(prefix)
                    + ") AS\n" + dialect.render(labelled, tables);
            AthenaQuery query = athena.start("Making a table of " + set, sql, token);
            query.await();
            return rowsWritten(query);
        });
    }

    @Override
    public List<LabelDay> labelDays(TrainingSet set, Instant since) {
        List<LabelDay> days = new ArrayList<>();
        overLabels(
                set,
                labelled -> query(
                        "Counting the labels of " + set,
                        dialect.renderLabelDays(labelled, tables, since),
                        4,
                        row -> days.add(FindingReader.labelDay(row))));
        return days;
    }

    @Override
    public void leakCheck(TrainingSet set, Spine.@Nullable Source produced, Consumer<? super Leak> leaks) {
        if (produced != null) {
            check(set, produced, leaks);
            return;
        }
        overLabels(
                set,
                labelled -> check(
                        set,
                        Spine.Source.query(dialect.render(labelled.withAudit(AuditColumn.EVENT_TIME), tables)),
                        leaks));
    }

    private void check(TrainingSet set, Spine.Source produced, Consumer<? super Leak> leaks) {
        FindingReader reader = new FindingReader(set);
        query(
                "Checking " + set + " for leaks",
                dialect.renderLeakCheck(set, tables, produced),
                reader.columns(),
                row -> leaks.accept(reader.leak(row)));
    }

    @Override
    public void compareModes(TrainingSet set, Consumer<? super ModeDifference> differences) {
        FindingReader reader = new FindingReader(set);
        overLabels(
                set,
                labelled -> query(
                        "Comparing the modes of " + set,
                        dialect.renderModeComparison(labelled, tables),
                        reader.columns(),
                        row -> differences.accept(reader.difference(row))));
    }

    private void query(String what, String sql, int columns, Consumer<ResultRow> consumer) {
        AthenaQuery query = athena.start(what, sql, UUID.randomUUID().toString());
        query.await();
        GetQueryResultsResponse page = query.page(null);
        AthenaValues values =
                new AthenaValues(what, page.resultSet().resultSetMetadata().columnInfo(), columns);
        List<Row> rows = page.resultSet().rows();
        if (!rows.isEmpty() && values.isHeader(rows.get(0).data())) {
            rows = rows.subList(1, rows.size());
        }
        while (true) {
            rows.forEach(row -> consumer.accept(values.row(row.data())));
            if (page.nextToken() == null) {
                return;
            }
            page = query.page(page.nextToken());
            rows = page.resultSet().rows();
        }
    }

    private static long rowsWritten(AthenaQuery query) {
        GetQueryResultsResponse results = query.page(null);
        return Objects.requireNonNullElse(results.updateCount(), -1L);
    }

    private static String prefix(URI target) {
        if (!"s3".equals(target.getScheme()) || target.getAuthority() == null) {
            throw new UnsupportedCapabilityException(
                    "Athena writes to S3: expected a target such as s3://bucket/prefix/, got scheme "
                            + target.getScheme());
        }
        String text = target.toString();
        return text.endsWith("/") ? text : text + "/";
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The same for the same work, statement and place, and no other. */
    private String token(String work, String sql) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((work + "\n" + athena.place() + "\n" + sql).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The dialect and where results go. */
    @Override
    public String toString() {
        return "Athena offline store in " + dialect.name() + ", results at "
                + athena.place().outputLocation();
    }

    /** Collects the parts of a store; a client is required, and {@link #tables} or a {@link #sageMakerClient} that tells them. */
    public static final class Builder {
        private static final Duration TIMEOUT = Duration.ofMinutes(30);

        private @Nullable AthenaClient client;
        private @Nullable Supplier<SageMakerClient> sageMaker;
        private SqlDialect dialect = SqlDialect.athena();
        private @Nullable TableNames tables;
        private ProjectedTable[] projected = {};
        private @Nullable String workgroup;
        private @Nullable String catalog;
        private @Nullable String database;
        private @Nullable String outputLocation;
        private @Nullable String kmsKeyId;
        private Duration firstPoll = Duration.ofMillis(250);
        private Duration longestPoll = Duration.ofSeconds(5);
        private Duration timeout = TIMEOUT;
        private @Nullable Long maxBytesScanned;
        private @Nullable QueryPrice price;
        private QueryListener listener = QueryListener.none();
        private RetryPolicy retryPolicy = RetryPolicy.patient();
        private InstantSource clock = InstantSource.system();
        private Sleeper sleeper = Sleeper.system();
        private GroupNames groupNames = new GroupNames(Map.of());

        private Builder() {}

        /** The SDK's client; not closed by the store. */
        public Builder athenaClient(AthenaClient athenaClient) {
            this.client = Objects.requireNonNull(athenaClient, "athenaClient");
            return this;
        }

        /** Tells the tables of deployed groups unless {@link #tables} does; not closed by the store. */
        public Builder sageMakerClient(SageMakerClient sageMakerClient) {
            Objects.requireNonNull(sageMakerClient, "sageMakerClient");
            return sageMaker(() -> sageMakerClient);
        }

        /** The same, opened when it is first asked. */
        Builder sageMaker(Supplier<SageMakerClient> client) {
            this.sageMaker = client;
            return this;
        }

        /** The language of the queries; {@link SqlDialect#athena()} unless set. */
        public Builder dialect(SqlDialect sqlDialect) {
            this.dialect = Objects.requireNonNull(sqlDialect, "sqlDialect");
            return this;
        }

        /** Where each group's offline store is; the table that the deployed group names unless set. */
        public Builder tables(TableNames names) {
            this.tables = Objects.requireNonNull(names, "names");
            return this;
        }

        /** Second tables, for the queries whose labels bound what they can see; made by their {@link ProjectedTable#ddl}. */
        public Builder projectedTables(ProjectedTable... second) {
            this.projected = second.clone();
            return this;
        }

        /** The workgroup; {@code primary} unless set. Its settings may overrule the place of results and the key. */
        public Builder workgroup(String name) {
            this.workgroup = Objects.requireNonNull(name, "name");
            return this;
        }

        /** The catalog of names that have none; Athena's default unless set. */
        public Builder catalog(String name) {
            this.catalog = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * The database of names that have none, such as those of a spine's query, and of the tables that are made over the
         * files of spines; {@code default} unless set.
         */
        public Builder database(String name) {
            this.database = Objects.requireNonNull(name, "name");
            return this;
        }

        /** The S3 prefix of results, such as {@code s3://bucket/results/}; the workgroup's unless set. */
        public Builder outputLocation(String s3Uri) {
            if (!s3Uri.startsWith("s3://")) {
                throw new IllegalArgumentException("Results go to S3: expected a location such as s3://bucket/prefix/");
            }
            this.outputLocation = s3Uri;
            return this;
        }

        /** The key of KMS that results are encrypted with; the bucket's or the workgroup's way unless set. */
        public Builder kmsKeyId(String id) {
            this.kmsKeyId = Objects.requireNonNull(id, "id");
            return this;
        }

        /** How long to wait before looking at a query again: first, then twice as long each time up to the longest. */
        public Builder polling(Duration first, Duration longest) {
            if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException("The first pause is above zero, and the longest is not shorter, got "
                        + first + " and " + longest);
            }
            this.firstPoll = first;
            this.longestPoll = longest;
            return this;
        }

        /** How long a query may take from its start, queue included, before it is cancelled; 30 minutes unless set. */
        public Builder timeout(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A timeout is above zero, got " + duration);
            }
            this.timeout = duration;
            return this;
        }

        /**
         * Cancels a query that is seen to have scanned more, as often as it is looked at. A query that ends between two looks
         * is paid for and its rows are given; a limit of the workgroup is sharp.
         */
        public Builder maxBytesScanned(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("A ceiling is at least 1 byte, got " + bytes);
            }
            this.maxBytesScanned = bytes;
            return this;
        }

        /** What a terabyte costs that is scanned, for the reports; they tell no cost unless it is set. */
        public Builder pricePerTerabyte(BigDecimal amount) {
            this.price = new QueryPrice(amount);
            return this;
        }

        /** Is told how queries go on; see {@link TrainingReport} for one that adds them up. */
        public Builder listener(QueryListener queryListener) {
            this.listener = Objects.requireNonNull(queryListener, "queryListener");
            return this;
        }

        /** How often and how patiently requests are repeated; {@link RetryPolicy#patient()} unless set. */
        public Builder retryPolicy(RetryPolicy policy) {
            this.retryPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Tells how long a query takes; the system's clock unless set. */
        public Builder clock(InstantSource instantSource) {
            this.clock = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** Pauses between looks and attempts; by {@code Thread.sleep} unless set. */
        public Builder sleeper(Sleeper pauses) {
            this.sleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /** How groups are addressed. */
        Builder groupNames(GroupNames names) {
            this.groupNames = names;
            return this;
        }

        boolean hasClient() {
            return client != null;
        }

        /**
         * The store.
         *
         * @throws IllegalStateException if a required part is missing
         */
        public AthenaOfflineStore build() {
            if (client == null || (tables == null && sageMaker == null)) {
                throw new IllegalStateException("An Athena offline store needs athenaClient(…), and tables(…)"
                        + " or a sageMakerClient(…) that tells them");
            }
            Requests requests = new Requests(
                    retryPolicy,
                    sleeper,
                    AsyncSleeper.system(),
                    () -> ThreadLocalRandom.current().nextDouble());
            TableNames names = tables != null
                    ? tables
                    : new DeployedTables(Objects.requireNonNull(sageMaker), requests, groupNames);
            return new AthenaOfflineStore(
                    new AthenaConnection(
                            client,
                            requests,
                            new AthenaConnection.Place(workgroup, catalog, database, outputLocation, kmsKeyId),
                            new AthenaConnection.Limits(firstPoll, longestPoll, timeout, maxBytesScanned, price),
                            listener,
                            clock,
                            sleeper),
                    dialect,
                    names.with(projected));
        }
    }
}
