package dev.featurestore.testkit.junit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test during which something came out on {@code System.out} or {@code System.err}, logs included, that must not: give
 * the records of your tests marked identifiers and values, and name the mark as a regular expression in
 * {@code junit-platform.properties}.
 *
 * <pre>
 * junit.jupiter.extensions.autodetection.enabled=true
 * featurestore.guarded=secret-\\w+
 * </pre>
 *
 * <p>With the file {@code META-INF/services/org.junit.jupiter.api.extension.Extension} that names this class it guards all tests of
 * a module; or put {@code @ExtendWith(OutputGuard.class)} on single classes or methods. A class fails for what came out in its
 * {@code @BeforeAll} with its first test, and for {@code @AfterAll} by itself. What came out while no guarded test ran, of a thread
 * that was left for instance, fails none, and is told on {@code System.err}.
 *
 * <p>Lines that a logger wrote at DEBUG, with {@code ] DEBUG } in them as slf4j-simple writes it, are looked at and not passed on,
 * so that a guarded module can log all it has. The guard stands in for both streams from the first guarded test on: a log backend
 * that keeps the stream it saw when it was configured before is not seen. Tests of one process must not run in parallel, or the
 * wrong one is blamed.
 */
public final class OutputGuard implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(OutputGuard.class);

    /** In the store of a class that is guarded, and so in those of its tests. */
    private static final String GUARDED = "guarded";

    /** For JUnit. */
    public OutputGuard() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        begin(context);
        context.getStore(NAMESPACE).put(GUARDED, true);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context);
    }

    /** @throws AssertionError with the lines that came out */
    @Override
    public void afterEach(ExtensionContext context) {
        failIfFound(context);
    }

    /** @throws AssertionError with the lines that came out after the last test */
    @Override
    public void afterAll(ExtensionContext context) {
        failIfFound(context);
    }

    private static void begin(ExtensionContext context) {
        GuardedLines lines = lines(context);
        if (context.getStore(NAMESPACE).get(GUARDED) == null) {
            lines.tellFound();
        }
    }

    private static void failIfFound(ExtensionContext context) {
        List<String> found = lines(context).takeFound();
        if (!found.isEmpty()) {
            throw new AssertionError("Guarded text came out: " + found);
        }
    }

    private static GuardedLines lines(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        GuardedLines.class,
                        key -> new GuardedLines(Pattern.compile(context.getConfigurationParameter(
                                        "featurestore.guarded")
                                .orElseThrow(() -> new IllegalStateException(
                                        "OutputGuard needs featurestore.guarded in junit-platform.properties")))),
                        GuardedLines.class);
    }

    /** Stands before both streams until JUnit is done. */
    private static final class GuardedLines implements AutoCloseable {
        private final Pattern guarded;

        private final Line out = new Line(System.out);

        private final Line err = new Line(System.err);

        private final List<String> found = new ArrayList<>();

        GuardedLines(Pattern guarded) {
            this.guarded = guarded;
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        }

        synchronized List<String> takeFound() {
            out.lookAtPart();
            err.lookAtPart();
            List<String> taken = List.copyOf(found);
            found.clear();
            return taken;
        }

        void tellFound() {
            List<String> taken = takeFound();
            if (!taken.isEmpty()) {
                err.to.println("Guarded text came out while no guarded test ran: " + taken);
            }
        }

        @Override
        public void close() {
            System.setOut(out.to);
            System.setErr(err.to);
            tellFound();
        }

        /** A stream, line by line. */
        private final class Line extends OutputStream {
            private final PrintStream to;

            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            /** How many characters of the line were passed on. */
            private int passed;

            Line(PrintStream to) {
                this.to = to;
            }

            @Override
            public void write(int b) {
                synchronized (GuardedLines.this) {
                    line.write(b);
                    if (b == '\n') {
                        look();
                        end();
                    }
                }
            }

            /** Passes on what there is of a line; it is looked at when it is whole. */
            @Override
            public void flush() {
                synchronized (GuardedLines.this) {
                    String text = text();
                    if (!text.contains("] DEBUG ")) {
                        to.print(text.substring(passed));
                        passed = text.length();
                    }
                    to.flush();
                }
            }

            /** Looks at a line that may not become whole. */
            private void lookAtPart() {
                if (look()) {
                    end();
                } else {
                    flush();
                }
            }

            private boolean look() {
                String text = text();
                boolean marked = guarded.matcher(text).find();
                if (marked) {
                    found.add(text.strip());
                }
                return marked;
            }

            private void end() {
                flush();
                line.reset();
                passed = 0;
            }

            private String text() {
                return line.toString(StandardCharsets.UTF_8);
            }
        }
    }
}
