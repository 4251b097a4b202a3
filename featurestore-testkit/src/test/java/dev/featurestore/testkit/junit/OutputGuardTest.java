package dev.featurestore.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.slf4j.LoggerFactory;

class OutputGuardTest {
    @Test
    void testsThatLetMarkedTextOutFail() {
        List<Event> failed = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("featurestore.guarded", "marked-\\w+")
                .selectors(selectClass(Leaking.class))
                .execute()
                .testEvents()
                .failed()
                .list();

        assertThat(failed)
                .extracting(event -> event.getTestDescriptor().getDisplayName())
                .containsExactlyInAnyOrder("prints()", "logs()", "logsAtDebug()");
        assertThat(failed)
                .allSatisfy(event -> assertThat(event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable())
                        .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("marked-card")));
    }

    @ExtendWith(OutputGuard.class)
    static class Leaking {
        private static final String MARKED = "marked" + "-card";

        @Test
        void prints() {
            System.out.println("It is " + MARKED);
        }

        @Test
        void logs() {
            LoggerFactory.getLogger("some").warn("It is {}", MARKED);
        }

        @Test
        void logsAtDebug() {
            LoggerFactory.getLogger("dev.featurestore.some").debug("It is {}", MARKED);
        }

        @Test
        void saysNothing() {
            System.err.println("It is a card");
        }
    }
}
