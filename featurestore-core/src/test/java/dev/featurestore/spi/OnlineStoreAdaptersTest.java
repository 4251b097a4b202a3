package dev.featurestore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.schema.DeletionMode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The adapters between blocking and asynchronous stores. */
class OnlineStoreAdaptersTest {
    private static final WireRecord RECORD = WireRecord.of(new String[] {"id"}, new Object[] {"S3CRET"});

    private static final PutCommand PUT = PutCommand.of("cards", RECORD);

    private static final GetCommand GET = GetCommand.of("cards", "S3CRET");

    private static final DeleteCommand DELETE = new DeleteCommand(
            "cards", "S3CRET", "2026-03-01T12:00:00Z", DeletionMode.SOFT_DELETE, Set.of(), Deadline.none());

    private static final BatchGetCommand BATCH = new BatchGetCommand(
            List.of(new BatchGetCommand.Part("cards", List.of("S3CRET"), List.of())), Deadline.none());

    @Nested
    class Waiting {
        private final Unanswered unanswered = new Unanswered();

        private final OnlineStore store = OnlineStore.over(unanswered);

        @Test
        void givesTheAnswer() {
            StoredRecord stored = new StoredRecord(RECORD, null);
            unanswered.next = CompletableFuture.completedFuture(Optional.of(stored));

            assertThat(store.get(GET)).contains(stored);
        }

        @Test
        void throwsTheFailureAsItIs() {
            ThrottledException failure = new ThrottledException("Slow down");
            unanswered.next = CompletableFuture.failedFuture(failure);

            assertThatExceptionOfType(ThrottledException.class)
                    .isThrownBy(() -> store.put(PUT))
                    .isSameAs(failure);
        }

        @Test
        void interruptedAtAWriteDoesNotKnowItsOutcome() {
            for (Runnable write : List.<Runnable>of(() -> store.put(PUT), () -> store.delete(DELETE))) {
                Throwable thrown = interrupted(write);

                assertThat(thrown)
                        .isInstanceOf(WriteOutcomeUnknownException.class)
                        .hasMessageContaining("'cards'")
                        .hasMessageContaining("the thread was interrupted")
                        .hasMessageNotContaining("S3CRET");
                assertThat(((FeatureStoreException) thrown).featureGroupName()).contains("cards");
                assertThat(unanswered.next).isCancelled();
            }
        }

        @Test
        void interruptedAtAReadIsUnavailable() {
            for (Runnable read : List.<Runnable>of(() -> store.get(GET), () -> store.batchGet(BATCH))) {
                assertThat(interrupted(read))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("the thread was interrupted")
                        .hasMessageNotContaining("S3CRET");
                assertThat(unanswered.next).isCancelled();
            }
        }

        /** The interrupt is set before the wait, which sees it at once; it stays set. */
        private Throwable interrupted(Runnable request) {
            unanswered.next = new CompletableFuture<>();
            Thread.currentThread().interrupt();
            Throwable thrown = catchThrowable(request::run);
            assertThat(Thread.interrupted()).isTrue();
            return thrown;
        }

        @Test
        void doesNotWaitBeyondTheDeadline() {
            Deadline over = Deadline.after(Duration.ofNanos(1), System::nanoTime);
            CompletableFuture<Object> write = unanswered.next;

            assertThatExceptionOfType(WriteOutcomeUnknownException.class)
                    .isThrownBy(() -> store.put(new PutCommand("cards", RECORD, Set.of(), null, over)))
                    .withMessageContaining("no answer before the deadline");
            assertThat(write).isCancelled();
            unanswered.next = new CompletableFuture<>();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.get(new GetCommand("cards", "S3CRET", List.of(), over)))
                    .withMessageContaining("no answer before the deadline");
        }
    }

    @Nested
    class OnAnExecutor {
        private final ExecutorService threads = Executors.newSingleThreadExecutor();

        @AfterEach
        void stop() {
            threads.shutdownNow();
        }

        @Test
        void aRequestNotYetBegunIsNotSentOnceItIsCancelled() {
            Deque<Runnable> queue = new ArrayDeque<>();
            Recording recording = new Recording();
            CompletableFuture<Void> write =
                    AsyncOnlineStore.over(recording, queue::add).put(PUT);

            write.cancel(true);
            queue.remove().run();

            assertThat(recording.puts).isEmpty();
        }

        @Test
        void aRequestUnderWayIsInterruptedWhenItIsCancelled() throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            AsyncOnlineStore store = AsyncOnlineStore.over(
                    new Recording() {
                        @Override
                        public void put(PutCommand command) {
                            begun.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        }
                    },
                    threads);
            CompletableFuture<Void> write = store.put(PUT);
            begun.await();

            write.cancel(true);

            interrupted.await();
            assertThat(write).isCancelled();
            assertThat(threads.submit(Thread::interrupted))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(false);
        }

        /** A pool such as that of {@code ForkJoinPool} would pass the interrupt on to the next request. */
        @Test
        void theInterruptOfACancelledRequestEndsWithIt() {
            Deque<Runnable> queue = new ArrayDeque<>();
            List<CompletableFuture<Void>> writes = new ArrayList<>();
            AsyncOnlineStore store = AsyncOnlineStore.over(
                    new Recording() {
                        @Override
                        public void put(PutCommand command) {
                            writes.get(0).cancel(true);
                        }
                    },
                    queue::add);
            writes.add(store.put(PUT));

            queue.remove().run();

            assertThat(Thread.interrupted()).isFalse();
        }

        @Test
        void aFailureIsToldAsItIs() {
            ThrottledException failure = new ThrottledException("Slow down");
            AsyncOnlineStore store = AsyncOnlineStore.over(
                    new Recording() {
                        @Override
                        public void put(PutCommand command) {
                            throw failure;
                        }
                    },
                    Runnable::run);

            assertThat(store.put(PUT))
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCause(failure);
        }

        @Test
        void aFullExecutorIsUnavailable() {
            AsyncOnlineStore store = AsyncOnlineStore.over(new Recording(), task -> {
                throw new RejectedExecutionException();
            });

            assertThat(store.put(PUT))
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(StoreUnavailableException.class)
                    .withMessageContaining("was not sent");
        }

        @Test
        void listingIsNotAmongWhatItCanDo() {
            assertThat(new Recording().capabilities()).contains(BackendCapability.LIST_RECORDS);
            assertThat(AsyncOnlineStore.over(new Recording(), Runnable::run).capabilities())
                    .containsExactly(BackendCapability.COLLECTIONS);
        }
    }

    /** Gives out the next future, whatever is asked. */
    private static final class Unanswered implements AsyncOnlineStore {
        private CompletableFuture<Object> next = new CompletableFuture<>();

        @SuppressWarnings("unchecked")
        private <T> CompletableFuture<T> answer() {
            return (CompletableFuture<T>) next;
        }

        @Override
        public Set<BackendCapability> capabilities() {
            return Set.of();
        }

        @Override
        public CompletableFuture<Void> put(PutCommand command) {
            return answer();
        }

        @Override
        public CompletableFuture<Optional<StoredRecord>> get(GetCommand command) {
            return answer();
        }

        @Override
        public CompletableFuture<BatchGetOutcome> batchGet(BatchGetCommand command) {
            return answer();
        }

        @Override
        public CompletableFuture<Void> delete(DeleteCommand command) {
            return answer();
        }
    }

    /** Notes puts and knows nothing. */
    private static class Recording implements OnlineStore {
        private final List<PutCommand> puts = new ArrayList<>();

        @Override
        public Set<BackendCapability> capabilities() {
            return Set.of(BackendCapability.COLLECTIONS, BackendCapability.LIST_RECORDS);
        }

        @Override
        public void put(PutCommand command) {
            puts.add(command);
        }

        @Override
        public Optional<StoredRecord> get(GetCommand command) {
            return Optional.empty();
        }

        @Override
        public BatchGetOutcome batchGet(BatchGetCommand command) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void delete(DeleteCommand command) {
            throw new AssertionError("not asked for");
        }
    }
}
