package dev.featurestore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressListenerTest {
    @Test
    void theConsoleShowsOneLine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProgressListener console = ProgressListener.console(new PrintStream(out, true, StandardCharsets.UTF_8));

        console.update(new IngestProgress(1234, 5, 6, 789.4, Duration.ofSeconds(3671), false));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("\r1,234 records done, 5 failed, 6 unknown, 789/s, 1:01:11 left");
    }
}
