package dev.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.RecordKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchReaderTest extends BatchReadCases {
    @Override
    BatchRead.Answers read(Collection<RecordKey> keys, Map<String, List<String>> features, Deadline deadline) {
        return new BatchReader(store, this::paused).read(keys, features, deadline);
    }

    @Test
    void keysThatAnInterruptedReadLeftAreUnprocessed() {
        store.nextBatch(ScriptedOnlineStore::nothing);
        BatchReader interrupted = new BatchReader(store, pause -> {
            throw new InterruptedException();
        });

        BatchRead.Answers answers = interrupted.read(keysOf("g", 1), Map.of(), Deadline.none());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.batchGets).hasSize(1);
        assertThat(answers.unprocessed()).containsExactly(key("g", 1));
    }
}
