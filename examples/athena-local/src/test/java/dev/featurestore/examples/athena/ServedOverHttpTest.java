package dev.featurestore.examples.athena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.sql.TableNames;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.emulator.LoggedRequest;
import dev.featurestore.testkit.law.RandomDefinitions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.DataCatalogConfig;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/**
 * What the project is for, over HTTP from end to end: histories are written and vectors fetched through the official SDK, the
 * training set of the same labels is run through Athena's API on Athena's engine, and both are equal. Each seed plays twenty
 * histories, in both modes.
 */
class ServedOverHttpTest {
    private static final int SEEDS = 10;

    private static final int SOAK_SEEDS = Integer.getInteger("featurestore.soakSeeds", 1_000);

    @TempDir
    Path folder;

    private @Nullable Service service;

    /** Everything AWS is here, and the library's clients before it. */
    private static final class Service implements AutoCloseable {
        private final InMemoryFeatureStore memory;
        private final LocalAthena aws;
        private final SageMakerClient sageMaker;
        private final SageMakerFeatureStoreRuntimeClient runtime;
        private final FeatureStore store;
        private @Nullable GroupTables tables;

        Service(InMemoryFeatureStore memory, Path bucket) {
            this.memory = memory;
            this.aws = LocalAthena.start(new TrinoAthenaEngine(Engine.TRINO, () -> {}), bucket, memory);
            this.sageMaker = aws.configured(SageMakerClient.builder().httpClient(aws.http()))
                    .build();
            this.runtime = aws.configured(
                            SageMakerFeatureStoreRuntimeClient.builder().httpClient(aws.http()))
                    .build();
            this.store = AwsFeatureStore.builder()
                    .runtimeClient(runtime)
                    .sageMakerClient(sageMaker)
                    .clock(memory.clock())
                    .build();
        }

        /** Athena, with the tables that the deployed groups name, over the files of a local store. */
        OfflineStore over(LocalOfflineStore local) {
            TableNames deployed = group -> {
                DataCatalogConfig table = sageMaker
                        .describeFeatureGroup(describe -> describe.featureGroupName(group.name()))
                        .offlineStoreConfig()
                        .dataCatalogConfig();
                return List.of(table.database(), table.tableName());
            };
            tables = new GroupTables(Engine.TRINO, local::dataOf, deployed);
            sageMaker.listFeatureGroups(list -> {}).featureGroupSummaries().stream()
                    .map(group -> memory.definition(group.featureGroupName()).orElseThrow())
                    .forEach(tables::of);
            return aws.store().sageMakerClient(sageMaker).build();
        }

        @Override
        public void close() {
            store.close();
            runtime.close();
            sageMaker.close();
            aws.close();
            if (tables != null) {
                tables.close();
            }
        }
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    private int check(long seed) {
        return RandomDefinitions.check(
                seed,
                folder.resolve("seed-" + seed),
                law -> law.through(memory -> serve(memory, seed).store)
                        .on(local -> Objects.requireNonNull(service).over(local)));
    }

    private Service serve(InMemoryFeatureStore memory, long seed) {
        stop();
        Service started = new Service(memory, folder.resolve("bucket-" + seed));
        service = started;
        return started;
    }

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void trainingRowsAreWhatWasServed(long seed) {
        assertThat(check(seed)).isGreaterThan(100);
        assertThat(Objects.requireNonNull(service).aws.emulator().requests())
                .extracting(LoggedRequest::operation)
                .contains("PutRecord", "GetRecord", "DescribeFeatureGroup", "StartQueryExecution", "GetQueryResults");
    }

    @Test
    @Tag("soak")
    void trainingRowsAreWhatWasServedOverManySeeds() {
        for (long seed = SEEDS; seed < SEEDS + SOAK_SEEDS; seed++) {
            assertThat(check(seed)).isGreaterThan(100);
        }
    }
}
