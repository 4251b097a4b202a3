package dev.featurestore.sql;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.BLOCKED;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.COUNT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The committed text of whole queries. After a change that is meant, write them anew with
 * {@code -Dfeaturestore.snapshots=write} and look at the difference.
 */
class DialectSnapshotTest {
    private static final FeatureView VIEW = FeatureView.named("fraud")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT, COUNT))
            .from(
                    CARDS,
                    select -> select.key("card")
                            .prefix("card_")
                            .features(AVERAGE.withDefault(-1.0), BLOCKED)
                            .maxAge(Duration.ofDays(30)))
            .build();

    /** The dialects, over tables as each names them. */
    enum Dialect {
        DUCKDB,
        ATHENA,
        SPARK;

        private SqlDialect dialect() {
            return switch (this) {
                case DUCKDB -> SqlDialect.duckDb();
                case ATHENA -> SqlDialect.athena();
                case SPARK -> SqlDialect.spark();
            };
        }

        private List<String> table(FeatureGroup<?> group) {
            return this == DUCKDB
                    ? List.of("/data/" + group.name() + "/**/*.parquet")
                    : List.of("offline", group.name());
        }

        private String render(TrainingSet set) {
            return dialect().render(set, this::table);
        }

        private String file(String snapshot) {
            return name().toLowerCase(Locale.ROOT) + "-" + snapshot;
        }
    }

    @ParameterizedTest
    @EnumSource
    void asServedOverATable(Dialect dialect) {
        assertSnapshot(
                dialect,
                "as-served.sql",
                TrainingSet.of(VIEW, Spine.table("lake", "labels").keep("label")));
    }

    @ParameterizedTest
    @EnumSource
    void byEventTimeOverRowsInMemory(Dialect dialect) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("txn", "t2");
        values.put("card", null);
        values.put("label", false);
        Spine spine = Spine.rows(List.of(
                        SpineRow.of(NOON.plusNanos(1), Map.of("txn", "t1", "card", 1L, "label", true)),
                        SpineRow.of(NOON, values)))
                .keep("label");

        assertSnapshot(
                dialect,
                "event-time.sql",
                TrainingSet.of(VIEW, spine)
                        .withPointInTime(PointInTime.eventTime())
                        .labelsBetween(NOON, NOON.plus(Duration.ofDays(1)))
                        .withAudit());
    }

    @ParameterizedTest
    @EnumSource
    void leakCheckOfATable(Dialect dialect) {
        TrainingSet set = TrainingSet.of(VIEW, Spine.table("lake", "labels").keep("label"));

        assertSnapshot(
                dialect,
                "leak-check.sql",
                dialect.dialect().renderLeakCheck(set, dialect::table, Spine.Source.table("lake", "training_set")));
    }

    @ParameterizedTest
    @EnumSource
    void modeComparisonOverATable(Dialect dialect) {
        TrainingSet set = TrainingSet.of(VIEW, Spine.table("lake", "labels").keep("label"));

        assertSnapshot(dialect, "mode-comparison.sql", dialect.dialect().renderModeComparison(set, dialect::table));
    }

    @ParameterizedTest
    @EnumSource
    void renderingIsPure(Dialect dialect) {
        TrainingSet set = TrainingSet.of(VIEW, Spine.query("SELECT * FROM l").time("ms", LabelTime.EPOCH_MILLIS));

        String once = dialect.render(set);

        assertThat(dialect.render(set)).isEqualTo(once);
    }

    private static void assertSnapshot(Dialect dialect, String snapshot, TrainingSet set) {
        assertSnapshot(dialect, snapshot, dialect.render(set));
    }

    private static void assertSnapshot(Dialect dialect, String snapshot, String query) {
        String name = dialect.file(snapshot);
        String sql = query + "\n";
        if (System.getProperty("featurestore.snapshots", "").equals("write")) {
            write(name, sql);
            return;
        }
        assertThat(sql).isEqualTo(read(name));
    }

    private static void write(String name, String sql) {
        Path file = Path.of("src/test/resources/dev/featurestore/sql", name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String name) {
        try (InputStream in = DialectSnapshotTest.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
