package dev.featurestore.aws;

import static dev.featurestore.aws.EmulatedQueries.CARDS;
import static dev.featurestore.aws.EmulatedQueries.COUNT;
import static dev.featurestore.aws.EmulatedQueries.VIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.FeatureStore;
import dev.featurestore.SliceReport;
import dev.featurestore.SlicedTrainingSet;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.testkit.athena.QueryFault;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.Spine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training sets in slices, on Athena over HTTP: a run that broke down goes on with the queries it had started. */
class AthenaSlicesTest {
    private static final URI TARGET = URI.create("s3://results/sets/model");

    private static final Duration RUNS = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private EmulatedQueries queries;

    @BeforeEach
    void start() {
        queries = new EmulatedQueries(folder, Duration.ZERO, RUNS);
        queries.memory.group(CARDS);
        queries.put("card-1", Map.of(COUNT, 3L));
        queries.clock.advance(Duration.ofDays(10));
    }

    @AfterEach
    void stop() {
        queries.close();
    }

    private SlicedTrainingSet slices(AthenaOfflineStore athena) {
        try (FeatureStore store = queries.store(athena)) {
            return store.view(VIEW)
                    .trainingSet(Spine.query("SELECT 'card-1' AS card_id, TIMESTAMP '2025-03-11 13:00:00'"
                                    + " + INTERVAL 1 HOUR * n AS event_time, n FROM range(72) AS r(n)")
                            .keep("n"))
                    .labelsBetween(Instant.parse("2025-03-11T00:00:00Z"), Instant.parse("2025-03-20T00:00:00Z"))
                    .slices(TARGET, ManifestStore.file(folder.resolve("slices.txt")));
        }
    }

    private String sum(List<URI> files) {
        String paths = files.stream()
                .map(file -> "'" + queries.bucket.resolve(file.getPath().substring(1)) + "/*.parquet'")
                .collect(Collectors.joining(", "));
        return queries.query("SELECT count(*) || ' ' || count(DISTINCT n) || ' ' || sum(txn_count) FROM read_parquet(["
                        + paths + "])")
                .get(1)
                .data()
                .get(0)
                .varCharValue();
    }

    private long unloads() {
        return queries.athena.queries().stream()
                .filter(query -> query.substatementType().equals("UNLOAD"))
                .count();
    }

    @Test
    void slicesAreUnloadedAndReused() {
        SliceReport first = slices(queries.settings().build()).run();
        SliceReport second = slices(queries.settings().build()).run();

        assertThat(first.computed()).isEqualTo(4);
        assertThat(first.rows()).isEqualTo(72);
        assertThat(sum(first.files())).isEqualTo("72 72 216");
        assertThat(second.computed()).isZero();
        assertThat(second.files()).isEqualTo(first.files());
        assertThat(unloads()).isEqualTo(4);
    }

    /** A program that ends without a word while it waits for a query. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aRunThatIsKilledWhileItWaitsGoesOnWithTheSameQuery() {
        AthenaOfflineStore doomed = queries.settings()
                .sleeper(pause -> {
                    if (unloads() == 2) {
                        throw new Killed();
                    }
                    queries.clock.advance(pause);
                })
                .build();
        assertThatThrownBy(() -> slices(doomed).run()).hasCauseInstanceOf(Killed.class);

        SliceReport report = slices(queries.settings().build()).run();

        assertThat(sum(report.files())).isEqualTo("72 72 216");
        assertThat(report.superseded()).isEmpty();
        assertThat(unloads()).as("one query a slice").isEqualTo(4);
    }

    @Test
    void aSliceThatFailedAfterItHadWrittenIsDoneAtAPlaceOfItsOwn() {
        // the first query counts the labels
        queries.athena.next(QueryFault.slow(Duration.ZERO));
        queries.athena.next(QueryFault.failedAfterWriting("GENERIC_INTERNAL_ERROR: worker lost"));
        assertThatThrownBy(() -> slices(queries.settings().build()).run()).isInstanceOf(QueryFailedException.class);

        SliceReport report = slices(queries.settings().build()).run();

        assertThat(sum(report.files())).isEqualTo("72 72 216");
        assertThat(report.superseded()).hasSize(1).doesNotContainAnyElementsOf(report.files());
        assertThat(unloads()).isEqualTo(5);
    }
}
