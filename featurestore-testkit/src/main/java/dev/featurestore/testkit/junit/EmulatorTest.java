package dev.featurestore.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * Gives the tests of a class, and of the classes nested in it, one emulator of the service. Take what you need of it as a
 * parameter, anywhere JUnit takes one: the {@link dev.featurestore.testkit.emulator.FeatureStoreEmulator} itself, its endpoint
 * as a {@link java.net.URI}, or the store behind it, as {@link dev.featurestore.testkit.InMemoryFeatureStore} or
 * {@link dev.featurestore.FeatureStore}.
 *
 * <pre>{@code
 * @EmulatorTest
 * class CardsTest {
 *     @BeforeAll
 *     static void connect(URI endpoint) {
 *         // clients of any AWS SDK, with this endpoint, any region and any credentials
 *     }
 *
 *     @Test
 *     void aThrottledPutIsTriedAgain(FeatureStoreEmulator emulator) {
 *         emulator.faults().next("PutRecord", 2, WireFault.throttled());
 *         // ...
 *     }
 * }
 * }</pre>
 *
 * <p>Each test begins without groups, faults and logged requests; what {@code @BeforeAll} made is gone by then. The emulator
 * is on the system's clock and is closed after the last test. When tests run in parallel, those of one outermost class run one
 * after another.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(EmulatorExtension.class)
@ResourceLock(providers = EmulatorTest.OneTestAtATime.class)
public @interface EmulatorTest {
    /** Keeps the tests that share an emulator apart. */
    final class OneTestAtATime implements ResourceLocksProvider {
        /** For JUnit. */
        public OneTestAtATime() {}

        @Override
        public Set<Lock> provideForMethod(List<Class<?>> enclosing, Class<?> testClass, Method method) {
            Class<?> outermost = enclosing.isEmpty() ? testClass : enclosing.get(0);
            return Set.of(new Lock(EmulatorTest.class.getName() + " of " + outermost.getName()));
        }
    }
}
