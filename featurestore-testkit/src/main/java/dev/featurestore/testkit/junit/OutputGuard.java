package dev.featurestore.testkit.junit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
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
 * a module; or put {@code @ExtendWith(OutputGuard.class)} on single ones. Lines that are logged at DEBUG are looked at and not passed on,
 * so that a guarded module can log all it has. Tests of one process must not run in parallel, or the wrong one is blamed.
 */
public final class OutputGuard implements BeforeAllCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(OutputGuard.class);

    /** For JUnit. */
    public OutputGuard() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        lines(context);
    }

    /** @throws AssertionError with the lines that came out */
    @Override
    public void afterEach(ExtensionContext context) {
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

        private final PrintStream out = System.out;

        private final PrintStream err = System.err;

        private final List<String> found = new ArrayList<>();

        GuardedLines(Pattern guarded) {
            this.guarded = guarded;
            System.setOut(new PrintStream(new Line(out), true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(new Line(err), true, StandardCharsets.UTF_8));
        }

        synchronized List<String> takeFound() {
            List<String> taken = List.copyOf(found);
            found.clear();
            return taken;
        }

        private synchronized void look(String line) {
            if (guarded.matcher(line).find()) {
                found.add(line.strip());
            }
        }

        @Override
        public void close() {
            System.setOut(out);
            System.setErr(err);
        }

        /** A stream, line by line. */
        private final class Line extends OutputStream {
            private final PrintStream to;

            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            Line(PrintStream to) {
                this.to = to;
            }

            @Override
            public synchronized void write(int b) {
                line.write(b);
                if (b == '\n') {
                    flushLine();
                }
            }

            private void flushLine() {
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                look(text);
                if (!text.contains(" DEBUG ")) {
                    to.print(text);
                }
            }
        }
    }
}
