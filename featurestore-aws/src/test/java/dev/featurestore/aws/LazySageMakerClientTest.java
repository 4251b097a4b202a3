package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

class LazySageMakerClientTest {
    private final List<String> events = new ArrayList<>();

    private final LazySageMakerClient lazy = new LazySageMakerClient(() -> {
        events.add("opened");
        return new SageMakerClient() {
            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {
                events.add("closed");
            }
        };
    });

    @Test
    void isOpenedOnceWhenItIsNeededAndClosed() {
        assertThat(events).isEmpty();

        assertThat(lazy.get()).isSameAs(lazy.get());
        lazy.close();

        assertThat(events).containsExactly("opened", "closed");
    }

    @Test
    void isNotOpenedToBeClosedNorAfterwards() {
        lazy.close();

        assertThatThrownBy(lazy::get).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
        assertThat(events).isEmpty();
    }
}
