package dev.featurestore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AsyncStepTest {
    private final CompletableFuture<String> first = new CompletableFuture<>();

    private final CompletableFuture<String> second = new CompletableFuture<>();

    private final IllegalStateException failure = new IllegalStateException("no");

    private final CompletableFuture<String> call = AsyncStep.run(() ->
            AsyncStep.after(first, one -> AsyncStep.after(second, two -> AsyncStep.done(one + two))));

    @Test
    void stepsAreTakenOneAfterAnother() {
        first.complete("a");
        assertThat(call).isNotDone();
        second.complete("b");

        assertThat(call).isCompletedWithValue("ab");
    }

    @Test
    void aCancelCancelsTheStepUnderWayAlone() {
        first.complete("a");

        call.cancel(true);

        assertThat(second).isCancelled();
        assertThat(first).isCompletedWithValue("a");
    }

    @Test
    void aCancelKeepsTheNextStepFromBeingTaken() {
        call.cancel(true);

        assertThat(first).isCancelled();
        assertThat(second).isNotDone();
    }

    @Test
    void aCallThatTimesOutCancelsTheStepUnderWay() {
        call.completeExceptionally(new TimeoutException());

        assertThat(first).isCancelled();
    }

    @Test
    void aStepThatIsBegunAsTheCallEndsIsCancelled() {
        CompletableFuture<String> begun = new CompletableFuture<>();
        AtomicReference<@Nullable CompletableFuture<String>> self = new AtomicReference<>();
        CompletableFuture<String> ending = AsyncStep.run(() -> AsyncStep.after(first, one -> {
            CompletableFuture<String> mine = self.get();
            assertThat(mine).isNotNull();
            mine.cancel(true);
            return AsyncStep.after(begun, AsyncStep::done);
        }));
        self.set(ending);

        first.complete("a");

        assertThat(ending).isCancelled();
        assertThat(begun).isCancelled();
    }

    @Test
    void aFailureIsToldAsItIs() {
        first.completeExceptionally(new CompletionException(new CompletionException(failure)));

        CompletableFuture<Throwable> told = call.handle((value, thrown) -> thrown);
        assertThat(told).isCompletedWithValue(failure);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(call::join)
                .withCause(failure);
    }

    @Test
    void aStepMayFollowAFailure() {
        CompletableFuture<String> mended = AsyncStep.run(() -> AsyncStep.after(
                CompletableFuture.<String>failedFuture(failure),
                AsyncStep::done,
                thrown -> AsyncStep.done(String.valueOf(thrown.getMessage()))));

        assertThat(mended).isCompletedWithValue("no");
    }

    @Test
    void whatAStepThrowsFailsTheCall() {
        CompletableFuture<String> atOnce = AsyncStep.run(() -> {
            throw failure;
        });
        CompletableFuture<String> later = AsyncStep.run(() -> AsyncStep.after(first, one -> {
            throw failure;
        }));
        first.complete("a");

        assertThat(atOnce).isCompletedExceptionally();
        assertThat(later).failsWithin(Duration.ZERO).withThrowableThat().withCause(failure);
    }

    @Test
    void aStepThatSomeoneElseCancelsCancelsTheCall() {
        first.cancel(true);

        assertThat(call).isCancelled();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(call::join);
    }
}
