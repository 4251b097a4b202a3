package dev.featurestore.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.slf4j.LoggerFactory;

class OutputGuardTest {
    private static final String MARKED = "marked" + "-card";

    @Test
    void testsThatLetMarkedTextOutFail() {
        List<Event> failed = failed(Leaking.class);

        assertThat(names(failed))
                .containsExactlyInAnyOrder("prints()", "printsPartOfALine()", "logs()", "logsAtDebug()");
        assertThat(failed)
                .allSatisfy(event -> assertThat(event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable())
                        .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining(MARKED)));
    }

    @Test
    void aClassFailsForWhatCameOutBeforeAndAfterItsTests() {
        assertThat(names(failed(LeakingBefore.class))).containsExactly("saysNothing()");
        assertThat(names(failed(LeakingAfter.class))).containsExactly("OutputGuardTest$LeakingAfter");
    }

    @Test
    void aSingleTestIsGuarded() {
        assertThat(names(failed(GuardedInPart.class))).containsExactly("guarded()");
    }

    @Test
    void othersAreNotBlamedOnTheNextTest() {
        String printed = printed(() -> assertThat(failed(Silent.class, Unguarded.class, AlsoSilent.class))
                .isEmpty());

        assertThat(printed).contains("while no guarded test ran: [It is " + MARKED + "]");
    }

    @Test
    void whatIsLeftAtTheEndIsTold() {
        String printed =
                printed(() -> assertThat(failed(Silent.class, Unguarded.class)).isEmpty());

        assertThat(printed).contains("while no guarded test ran: [It is " + MARKED + "]");
    }

    @Test
    void passesOnAllButWhatLoggersSayAtDebug() {
        String printed = printed(() -> failed(Talking.class));

        assertThat(printed)
                .startsWith("part, of a line\nnot a DEBUG line\nlast")
                .doesNotContain("held back");
    }

    private static List<Event> failed(Class<?>... classes) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("featurestore.guarded", "marked-\\w+")
                .configurationParameter("junit.jupiter.testmethod.order.default", MethodName.class.getName())
                .selectors(
                        Stream.of(classes).map(DiscoverySelectors::selectClass).toArray(DiscoverySelector[]::new))
                .execute()
                .allEvents()
                .failed()
                .list();
    }

    private static List<String> names(List<Event> events) {
        return events.stream()
                .map(event -> event.getTestDescriptor().getDisplayName())
                .toList();
    }

    /** What comes out behind the guard. */
    private static String printed(Runnable work) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream behind = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(behind);
        System.setErr(behind);
        try {
            work.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    @ExtendWith(OutputGuard.class)
    static class Leaking {
        @Test
        void prints() {
            System.out.println("It is " + MARKED);
        }

        @Test
        void printsPartOfALine() {
            System.out.print("It is marked");
            System.out.flush();
            System.out.print("-card");
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

    @ExtendWith(OutputGuard.class)
    static class LeakingBefore {
        @BeforeAll
        static void prints() {
            System.out.println("It is " + MARKED);
        }

        @Test
        void saysNothing() {}
    }

    @ExtendWith(OutputGuard.class)
    static class LeakingAfter {
        @AfterAll
        static void prints() {
            System.out.println("It is " + MARKED);
        }

        @Test
        void saysNothing() {}
    }

    static class GuardedInPart {
        @Test
        @ExtendWith(OutputGuard.class)
        void guarded() {
            System.out.println("It is " + MARKED);
        }

        @Test
        void notGuarded() {
            System.out.println("It is " + MARKED);
        }

        @Test
        @ExtendWith(OutputGuard.class)
        void saysNothing() {}
    }

    @ExtendWith(OutputGuard.class)
    static class Silent {
        @Test
        void saysNothing() {}
    }

    @ExtendWith(OutputGuard.class)
    static class AlsoSilent {
        @Test
        void saysNothing() {}
    }

    static class Unguarded {
        @Test
        void prints() {
            System.out.println("It is " + MARKED);
        }
    }

    @ExtendWith(OutputGuard.class)
    static class Talking {
        @Test
        void talks() {
            System.out.print("part, ");
            System.out.flush();
            System.out.println("of a line");
            System.out.println("not a DEBUG line");
            System.out.println("[main] DEBUG held back");
            System.out.print("last");
        }
    }
}
