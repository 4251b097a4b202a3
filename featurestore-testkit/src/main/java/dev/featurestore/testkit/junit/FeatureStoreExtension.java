package dev.featurestore.testkit.junit;

import dev.featurestore.FeatureStore;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.fault.FaultPlan;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands an {@link InMemoryFeatureStore}, or a plain {@link FeatureStore}, and the {@link ManualClock} it is on to test
 * methods, {@code @BeforeEach} and {@code @AfterEach} methods and constructors. Each test has a store of its own, closed when
 * the test and its {@code @AfterEach} methods are over.
 *
 * <pre>{@code
 * @ExtendWith(FeatureStoreExtension.class)
 * class CardFeaturesTest {
 *     @Test
 *     void aCardIsServedUntilItExpires(InMemoryFeatureStore store, ManualClock clock) {
 *         store.group(Cards.GROUP).put(new Card("card-1", clock.instant(), 12.5));
 *         clock.advance(Duration.ofDays(30));
 *         assertThat(store.group(Cards.GROUP).find("card-1")).isEmpty();
 *     }
 * }
 * }</pre>
 *
 * <p>For another time or behaviour, register it as a static field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FeatureStoreExtension STORE = FeatureStoreExtension.builder()
 *         .startingAt(Instant.parse("2024-02-29T12:00:00Z"))
 *         .behaviour(ServiceBehaviour.defaults().withEqualEventTimePut(EqualEventTimePut.HISTORIC))
 *         .build();
 * }</pre>
 */
public final class FeatureStoreExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(FeatureStoreExtension.class);

    private final Builder settings;

    /** A store with the service's most likely behaviour, on a clock that stands at 2025-01-01T00:00:00Z. */
    public FeatureStoreExtension() {
        this(new Builder());
    }

    private FeatureStoreExtension(Builder settings) {
        this.settings = settings;
    }

    /** Starts an extension of other make. */
    public static Builder builder() {
        return new Builder();
    }

    /** A constructor's parameters belong to the test that the instance is made for. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == InMemoryFeatureStore.class || type == FeatureStore.class || type == ManualClock.class;
    }

    /** @throws ParameterResolutionException if there is no one test that the store would belong to */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("Each test has a feature store of its own, so there is none for "
                    + parameter.getDeclaringExecutable()
                    + ": take it in a test method, in @BeforeEach or @AfterEach, or in the constructor of a class with"
                    + " the lifecycle PER_METHOD");
        }
        Fixture fixture =
                context.getStore(NAMESPACE).computeIfAbsent(this, key -> settings.newFixture(), Fixture.class);
        return parameter.getParameter().getType() == ManualClock.class ? fixture.clock() : fixture.store();
    }

    /** What one test has. JUnit closes it. */
    private record Fixture(InMemoryFeatureStore store, ManualClock clock) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
        }
    }

    /** Collects the settings of an extension; none is required. */
    public static final class Builder {
        private Instant start = Instant.parse("2025-01-01T00:00:00Z");
        private ServiceBehaviour behaviour = ServiceBehaviour.defaults();
        private Supplier<FaultPlan> faults = FaultPlan::none;

        private Builder() {}

        /** The time at which each test begins; 2025-01-01T00:00:00Z unless set. */
        public Builder startingAt(Instant time) {
            this.start = Objects.requireNonNull(time, "time");
            return this;
        }

        /** How the service behaves where that is not documented. */
        public Builder behaviour(ServiceBehaviour serviceBehaviour) {
            this.behaviour = Objects.requireNonNull(serviceBehaviour, "serviceBehaviour");
            return this;
        }

        /** Makes requests fail, by a plan for each test; none fail unless set. */
        public Builder faults(Supplier<FaultPlan> plans) {
            this.faults = Objects.requireNonNull(plans, "plans");
            return this;
        }

        /** The extension. */
        public FeatureStoreExtension build() {
            Builder copy = new Builder();
            copy.start = start;
            copy.behaviour = behaviour;
            copy.faults = faults;
            return new FeatureStoreExtension(copy);
        }

        private Fixture newFixture() {
            ManualClock clock = ManualClock.startingAt(start);
            InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                    .clock(clock)
                    .behaviour(behaviour)
                    .faults(faults.get())
                    .build();
            return new Fixture(store, clock);
        }
    }
}
