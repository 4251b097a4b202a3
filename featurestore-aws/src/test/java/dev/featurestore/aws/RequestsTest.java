package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.spi.Deadline;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RequestsTest extends RetryCases {
    private final Requests requests =
            new Requests(RetryPolicy.defaults(), this::paused, AsyncSleeper.system(), () -> 1.0);

    @Override
    String send(ServiceErrors.Call call, Deadline deadline, Supplier<String> attempt) {
        return requests.send(call, deadline, attempt);
    }

    @Test
    void anInterruptEndsTheRepeatsAndStaysSet() {
        Requests interrupted = new Requests(
                RetryPolicy.defaults(),
                duration -> {
                    throw new InterruptedException();
                },
                AsyncSleeper.system(),
                () -> 1.0);

        assertThatThrownBy(() -> interrupted.send(READ, Deadline.none(), script(throttled)))
                .isInstanceOf(ThrottledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
