package dev.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FetchThreadsTest {
    private static final int REQUESTS = 5_000;

    @Test
    void noRequestIsInterruptedByTheCancelOfOneBefore() throws InterruptedException {
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(REQUESTS);
        try (FetchThreads threads = new FetchThreads()) {
            for (int i = 0; i < REQUESTS; i++) {
                threads.execute(() -> {
                    if (Thread.currentThread().isInterrupted()) {
                        interrupted.incrementAndGet();
                    }
                    // as a cancel leaves it
                    Thread.currentThread().interrupt();
                    done.countDown();
                });
            }
            done.await();
        }

        assertThat(interrupted).hasValue(0);
    }

    @Test
    void nothingIsRunOnceTheyAreClosed() {
        FetchThreads threads = new FetchThreads();
        threads.close();
        threads.close();

        assertThatThrownBy(() -> threads.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("The feature store is closed");
    }
}
