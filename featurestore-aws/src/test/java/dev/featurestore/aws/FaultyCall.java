package dev.featurestore.aws;

import static dev.featurestore.aws.FaultyService.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.BatchResult;
import dev.featurestore.FeatureStore;
import dev.featurestore.FetchOptions;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** The calls of the table of faults, each with what it says, and with what it leaves behind. */
enum FaultyCall {
    PUT("put", "PutRecord") {
        @Override
        String make(FeatureStore store, Subject subject) {
            store.group(subject.cards()).put(record(subject.cards(), subject.id(), LATER, NEW));
            return OK;
        }
    },
    DELETE("delete", "DeleteRecord") {
        @Override
        String make(FeatureStore store, Subject subject) {
            store.group(subject.cards()).delete(subject.id(), LATER);
            return OK;
        }
    },
    HARD_DELETE("hard delete", "DeleteRecord") {
        @Override
        String make(FeatureStore store, Subject subject) {
            store.group(subject.cards()).delete(subject.id(), LATER, DeletionMode.HARD_DELETE);
            return OK;
        }
    },
    FIND("find", "GetRecord") {
        @Override
        String make(FeatureStore store, Subject subject) {
            Optional<FeatureRecord> found = store.group(subject.cards()).find(subject.id());
            assertThat(found.orElseThrow().getLong(FaultyService.COUNT)).isEqualTo(OLD);
            return OK;
        }
    },
    GET_ALL("findAll", "BatchGetRecord") {
        @Override
        String make(FeatureStore store, Subject subject) {
            BatchResult<FeatureRecord> result =
                    store.group(subject.cards()).findAll(List.of(subject.id(), subject.otherId(), "nobody"));
            if (result.failed().isEmpty()) {
                assertThat(result.found().size()
                                + result.absent().size()
                                + result.unprocessed().size())
                        .isEqualTo(3);
                assertThat(result.found())
                        .allSatisfy((id, row) -> assertThat(id).isNotEqualTo("nobody"));
                assertThat(result.absent()).isSubsetOf("nobody");
                return result.unprocessed().isEmpty() ? OK : "unprocessed";
            }
            assertThat(result.failed()).hasSize(3);
            return theOnly(result.failed().values().stream()
                    .map(failure -> failure.code().name())
                    .toList());
        }
    },
    FETCH("fetch", "BatchGetRecord") {
        @Override
        String make(FeatureStore store, Subject subject) {
            FeatureView both = FeatureView.named("both")
                    .from(subject.cards(), select -> select.key("card").allFeatures())
                    .from(
                            subject.devices(),
                            select -> select.key("device").prefix("device_").allFeatures())
                    .build();
            return verdict(store.view(both, FetchOptions.defaults().withReads(FetchOptions.Reads.BATCH_GET_RECORD))
                    .fetch(Map.of("card", subject.id(), "device", subject.id())));
        }
    },
    FETCH_ONE("fetch of one group", "GetRecord") {
        @Override
        String make(FeatureStore store, Subject subject) {
            return verdict(store.view(FeatureView.named("one")
                            .from(subject.cards(), select -> select.key("card").allFeatures())
                            .build())
                    .fetch(Map.of("card", subject.id())));
        }
    },
    CREATE("create group", "CreateFeatureGroup") {
        @Override
        String make(FeatureStore store, Subject subject) {
            store.admin().backend().create(FaultyService.group(subject.newGroup()));
            return OK;
        }
    },
    DELETE_GROUP("delete group", "DeleteFeatureGroup") {
        @Override
        String make(FeatureStore store, Subject subject) {
            store.admin().delete(subject.devices().name());
            return OK;
        }
    },
    EXISTS("exists", "DescribeFeatureGroup") {
        @Override
        String make(FeatureStore store, Subject subject) {
            assertThat(store.admin().exists(subject.cards().name())).isTrue();
            return OK;
        }
    },
    LIST("list groups", "ListFeatureGroups") {
        @Override
        String make(FeatureStore store, Subject subject) {
            assertThat(store.admin().list()).contains(subject.cards().name());
            return OK;
        }
    };

    static final Instant EARLIER = Instant.parse("2025-03-01T00:00:00Z");

    static final Instant LATER = Instant.parse("2025-03-02T00:00:00Z");

    static final long OLD = 1;

    static final long NEW = 2;

    private static final String OK = "ok";

    private final String label;

    private final String operation;

    FaultyCall(String label, String operation) {
        this.label = label;
        this.operation = operation;
    }

    /** What a call is about: two groups that have a record of the first identifier, and one that is not there. */
    record Subject(
            FeatureGroup<FeatureRecord> cards,
            FeatureGroup<FeatureRecord> devices,
            String newGroup,
            String id,
            String otherId) {}

    /** Its name in the table. */
    String label() {
        return label;
    }

    /** The operation of the service that it uses. */
    String operation() {
        return operation;
    }

    static FaultyCall ofLabel(String label) {
        for (FaultyCall call : values()) {
            if (call.label.equals(label)) {
                return call;
            }
        }
        throw new IllegalArgumentException("No such call: " + label);
    }

    /** Makes the call; {@code ok}, what else it says of its keys, or it throws. */
    abstract String make(FeatureStore store, Subject subject);

    /** How often it took effect; both stores must agree on whether it did. */
    int effects(FaultyService service, Subject subject) {
        InMemoryFeatureStore truth = service.truth();
        return switch (this) {
            case PUT -> {
                int rows = rows(
                        service,
                        subject,
                        row -> String.valueOf(NEW).equals(row.record().text(FaultyService.COUNT.name())));
                assertThat(online(truth, subject)).contains(rows > 0 ? NEW : OLD);
                yield rows;
            }
            case DELETE, HARD_DELETE -> {
                int rows = rows(service, subject, OfflineRow::deleted);
                assertThat(online(truth, subject).isPresent()).isEqualTo(rows == 0);
                yield rows;
            }
            case CREATE -> truth.admin().exists(subject.newGroup()) ? 1 : 0;
            case DELETE_GROUP -> truth.admin().exists(subject.devices().name()) ? 0 : 1;
            case FIND, GET_ALL, FETCH, FETCH_ONE, EXISTS, LIST -> 0;
        };
    }

    private static int rows(FaultyService service, Subject subject, Predicate<OfflineRow> wanted) {
        return (int) service.history(subject.cards(), subject.id()).stream()
                .filter(wanted)
                .count();
    }

    private static Optional<Long> online(InMemoryFeatureStore truth, Subject subject) {
        return truth.onlineStore()
                .get(GetCommand.of(subject.cards().name(), subject.id()))
                .map(stored -> Long.valueOf(stored.record().text(FaultyService.COUNT.name())));
    }

    private static String verdict(FeatureVector vector) {
        if (vector.isComplete()) {
            assertThat(vector.results()).extracting(GroupResult::status).containsOnly(GroupResult.Status.FOUND);
            return OK;
        }
        return theOnly(vector.results().stream()
                .map(GroupResult::failure)
                .filter(Objects::nonNull)
                .map(failure -> failure.code().name())
                .toList());
    }

    private static String theOnly(List<String> verdicts) {
        assertThat(verdicts.stream().distinct()).hasSize(1);
        return verdicts.get(0);
    }
}
