package dev.featurestore.examples.athena;

import dev.featurestore.aws.AthenaOfflineStore;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.Leak;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One engine for all tests of the run; it stops with the machine. */
final class Engine {
    static final LocalTrino TRINO = start();

    private static @Nullable Over last;

    private Engine() {}

    private static LocalTrino start() {
        try {
            Path metadata = Files.createDirectories(Path.of("target", "trino-metadata"));
            return LocalTrino.start(
                    Path.of(System.getProperty("trino.hive")), Files.createTempDirectory(metadata, "catalog"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tables over the files of a local store, under names that no other test has. */
    static GroupTables tables(LocalOfflineStore local) {
        return new GroupTables(TRINO, local::dataOf, group -> List.of("sagemaker_featurestore", TRINO.newTable()));
    }

    /**
     * An offline store of the library for the files of a local store, all of them, over HTTP. Tests run one after the other:
     * the store of the one before is closed.
     */
    static Over over(LocalOfflineStore local) {
        return over(local, SqlDialect.athena());
    }

    static Over over(LocalOfflineStore local, SqlDialect dialect) {
        return over(local, tables -> tables, dialect);
    }

    /** The same over views that have the columns and types of Iceberg's tables. */
    static Over overIceberg(LocalOfflineStore local) {
        Map<String, List<String>> views = new HashMap<>();
        return over(
                local,
                tables -> group -> views.computeIfAbsent(group.name(), name -> view(group, tables.of(group))),
                SqlDialect.athena());
    }

    private static List<String> view(FeatureGroup<?> group, List<String> table) {
        String features = group.features().stream()
                .map(feature -> LocalTrino.quoted(feature.name().toLowerCase(Locale.ROOT)) + ", ")
                .collect(Collectors.joining());
        List<String> view = List.of("iceberg", TRINO.newTable());
        TRINO.createSchema(view.get(0));
        TRINO.execute("CREATE VIEW " + LocalTrino.quoted(view) + " AS SELECT " + features + "is_deleted,"
                + " CAST(write_time AS TIMESTAMP(6)) AT TIME ZONE 'Asia/Tokyo' AS write_time,"
                + " CAST(api_invocation_time AS TIMESTAMP(6)) AT TIME ZONE 'Asia/Tokyo' AS api_invocation_time FROM "
                + LocalTrino.quoted(table));
        return view;
    }

    private static synchronized Over over(
            LocalOfflineStore local, UnaryOperator<TableNames> names, SqlDialect dialect) {
        if (last != null) {
            last.close();
        }
        last = new Over(local, names, dialect);
        return last;
    }

    /** Athena's API with all that is needed for it; closed together. */
    static final class Over implements OfflineStore, AutoCloseable {
        final LocalAthena athena;

        final Path bucket;

        private final GroupTables tables;

        private final AthenaOfflineStore store;

        private Over(LocalOfflineStore local, UnaryOperator<TableNames> names, SqlDialect dialect) {
            try {
                this.bucket = Files.createTempDirectory(Files.createDirectories(Path.of("target", "buckets")), "it's ");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            this.tables = tables(local);
            this.athena = LocalAthena.start(new TrinoAthenaEngine(TRINO, local::flush), bucket);
            this.store =
                    athena.store().dialect(dialect).tables(names.apply(tables)).build();
        }

        @Override
        public TrainingRows run(TrainingSet set) {
            return store.run(set);
        }

        @Override
        public long unload(TrainingSet set, URI target) {
            return store.unload(set, target);
        }

        void createTable(TrainingSet set, URI target, String name) {
            store.createTable(set, target, name);
        }

        @Override
        public void leakCheck(TrainingSet set, Spine.@Nullable Source produced, Consumer<? super Leak> leaks) {
            store.leakCheck(set, produced, leaks);
        }

        @Override
        public void compareModes(TrainingSet set, Consumer<? super ModeDifference> differences) {
            store.compareModes(set, differences);
        }

        @Override
        public List<LabelDay> labelDays(TrainingSet set, Instant since) {
            return store.labelDays(set, since);
        }

        @Override
        public void close() {
            athena.close();
            tables.close();
        }
    }
}
