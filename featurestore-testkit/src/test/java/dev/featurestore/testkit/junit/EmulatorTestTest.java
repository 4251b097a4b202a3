package dev.featurestore.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.featurestore.FeatureStore;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.WireFault;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class EmulatorTestTest {
    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(Feature.string("id"))
            .eventTime(Feature.eventTime("event_time"))
            .onlineStore()
            .build();

    /** What the tests below saw, by their class. */
    private static final Map<Class<?>, URI> ENDPOINTS = new ConcurrentHashMap<>();

    private static final AtomicInteger RUNNING = new AtomicInteger();

    @EmulatorTest
    static class Sample {
        private static URI ofClass;

        private final FeatureStoreEmulator ofConstructor;

        Sample(FeatureStoreEmulator emulator) {
            this.ofConstructor = emulator;
        }

        @BeforeAll
        static void connect(URI endpoint) {
            ofClass = endpoint;
            ENDPOINTS.put(Sample.class, endpoint);
        }

        @RepeatedTest(3)
        void beginsAnew(FeatureStoreEmulator emulator, InMemoryFeatureStore store, FeatureStore plain, URI endpoint) {
            checkAndUse(emulator, endpoint);
            assertThat(store).isSameAs(emulator.store()).isSameAs(plain);
            assertThat(emulator).isSameAs(ofConstructor);
        }

        @Test
        void another(FeatureStoreEmulator emulator, URI endpoint) {
            checkAndUse(emulator, endpoint);
        }

        @Nested
        class Inside {
            @RepeatedTest(3)
            void sharesTheEmulator(FeatureStoreEmulator emulator, URI endpoint) {
                checkAndUse(emulator, endpoint);
            }
        }

        private static void checkAndUse(FeatureStoreEmulator emulator, URI endpoint) {
            assertThat(RUNNING.incrementAndGet()).isEqualTo(1);
            assertThat(endpoint).isEqualTo(ofClass).isEqualTo(emulator.endpoint());
            assertThat(emulator.store().admin().list()).isEmpty();
            assertThat(emulator.faults().pending()).isZero();
            emulator.store().admin().apply(CARDS);
            emulator.faults().next("PutRecord", 1, WireFault.throttled());
            RUNNING.decrementAndGet();
        }

        @AfterAll
        static void nothingIsLeftToFail(FeatureStoreEmulator emulator) {
            assertThat(emulator.faults().pending()).isZero();
        }
    }

    @EmulatorTest
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class Other {
        private final FeatureStoreEmulator emulator;

        Other(FeatureStoreEmulator emulator) {
            this.emulator = emulator;
        }

        @Test
        void hasAnEmulatorOfItsOwn(URI endpoint) {
            assertThat(emulator.endpoint()).isEqualTo(endpoint);
            ENDPOINTS.put(Other.class, endpoint);
        }
    }

    @Test
    void testsShareOneEmulatorAClassAndItIsClosedAtTheEnd() {
        check(EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false"));
    }

    @RepeatedTest(3)
    void testsThatRunInParallelDoNotMeet() {
        check(EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4"));
    }

    private static void check(EngineTestKit.Builder engine) {
        EngineExecutionResults results = engine.selectors(selectClass(Sample.class), selectClass(Other.class))
                .execute();

        results.testEvents().assertStatistics(events -> events.succeeded(8).failed(0));
        results.containerEvents().assertStatistics(events -> events.failed(0));
        assertThat(ENDPOINTS).hasSize(2);
        assertThat(ENDPOINTS.values()).doesNotHaveDuplicates().noneMatch(EmulatorTestTest::answers);
    }

    private static boolean answers(URI endpoint) {
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
