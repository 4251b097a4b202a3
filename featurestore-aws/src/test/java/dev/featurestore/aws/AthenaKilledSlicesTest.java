package dev.featurestore.aws;

import static dev.featurestore.aws.EmulatedQueries.CARDS;
import static dev.featurestore.aws.EmulatedQueries.COUNT;
import static dev.featurestore.aws.EmulatedQueries.VIEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.SliceReport;
import dev.featurestore.SlicedTrainingSet;
import dev.featurestore.training.ColumnType;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineColumn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run in slices on Athena over HTTP, over labels in files, is killed before and after each of its requests: the next run goes
 * on with the queries that were started, and has each slice once.
 */
class AthenaKilledSlicesTest {
    private static final Instant START = Instant.parse("2025-03-11T00:00:00Z");

    private static final int LABELS = 40;

    private static final int SLICES = 2;

    @TempDir
    private Path folder;

    private EmulatedQueries queries;

    @BeforeEach
    void start() throws IOException {
        queries = new EmulatedQueries(folder);
        queries.memory.group(CARDS);
        queries.put("card-1", Map.of(COUNT, 3L));
        queries.clock.advance(Duration.ofDays(10));
        Path labels = Files.createDirectories(queries.bucket.resolve("labels"));
        Files.writeString(
                labels.resolve("labels.csv"),
                IntStream.range(0, LABELS)
                        .mapToObj(n -> "card-1," + START.plus(Duration.ofHours(n)) + "," + n + "\n")
                        .collect(Collectors.joining("", "card_id,event_time,n\n", "")));
    }

    @AfterEach
    void stop() {
        queries.close();
    }

    private SlicedTrainingSet slices(AthenaOfflineStore athena, ManifestStore manifest, String name) {
        try (FeatureStore store = queries.store(athena)) {
            return store.view(VIEW)
                    .trainingSet(Spine.csv(
                                    URI.create("s3://results/labels/"),
                                    SpineColumn.of("card_id", ColumnType.STRING),
                                    SpineColumn.of("event_time", ColumnType.STRING),
                                    SpineColumn.of("n", ColumnType.BIGINT))
                            .time("event_time", LabelTime.ISO_8601)
                            .keep("n"))
                    .labelsBetween(START, START.plus(Duration.ofDays(9)))
                    .slices(URI.create("s3://results/sets/" + name), manifest);
        }
    }

    private boolean isKilled(DoomedAthena doomed, ManifestStore manifest, String name) {
        AthenaOfflineStore athena =
                queries.settings().athenaClient(doomed.client(queries.client)).build();
        try {
            slices(athena, doomed.manifest(manifest), name).run();
            return false;
        } catch (DoomedAthena.Killed e) {
            return true;
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(DoomedAthena.Killed.class);
            return true;
        }
    }

    @ParameterizedTest(name = "after {0}")
    @ValueSource(booleans = {false, true})
    void aRunThatIsKilledAtAnyRequestGoesOnWithWhatItHadStarted(boolean after) throws IOException {
        int step = 0;
        boolean killed = true;
        while (killed) {
            String name = "set-" + step;
            ManifestStore manifest =
                    ManifestStore.file(folder.resolve("manifests").resolve(name));
            long unloads = unloads();
            killed = isKilled(new DoomedAthena(step, after), manifest, name);

            SliceReport report =
                    slices(queries.settings().build(), manifest, name).run();

            assertThat(report.files()).as("killed at step %d", step).hasSize(SLICES);
            assertThat(report.superseded()).as("killed at step %d", step).isEmpty();
            assertThat(sum(report.files())).as("killed at step %d", step).isEqualTo("40 40 120");
            assertThat(unloads() - unloads)
                    .as("one query a slice, killed at step %d", step)
                    .isEqualTo(SLICES);
            assertThat(below(queries.bucket.resolve("sets").resolve(name)))
                    .as("folders below the target, killed at step %d", step)
                    .isEqualTo(SLICES);
            step++;
        }
        assertThat(step).isGreaterThan(20);
    }

    private static long below(Path target) throws IOException {
        try (Stream<Path> folders = Files.list(target)) {
            return folders.count();
        }
    }

    private long unloads() {
        return queries.athena.queries().stream()
                .filter(query -> query.substatementType().equals("UNLOAD"))
                .count();
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
}
