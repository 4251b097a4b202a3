package dev.featurestore.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

/**
 * A client of the SageMaker API that is opened when it is first needed: it has hundreds of classes to load, and a program that
 * only puts and reads records starts faster without, and may leave the jar of 14 MB out of its class path. Safe for use by many
 * threads.
 */
final class LazySageMakerClient implements Supplier<SageMakerClient>, AutoCloseable {
    private final Supplier<SageMakerClient> opening;

    private @Nullable SageMakerClient client;

    private boolean isClosed;

    LazySageMakerClient(Supplier<SageMakerClient> opening) {
        this.opening = opening;
    }

    /** One with these settings. */
    static LazySageMakerClient of(ClientSettings settings) {
        return new LazySageMakerClient(new Opening(settings));
    }

    @Override
    public synchronized SageMakerClient get() {
        if (isClosed) {
            throw new IllegalStateException("This feature store is closed");
        }
        SageMakerClient open = client;
        if (open == null) {
            open = opening.get();
            client = open;
        }
        return open;
    }

    /** Closes the client if it was ever opened. */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (client != null) {
            client.close();
        }
    }

    /** No lambda: linking one loads the classes of its signature, and they may not be there. */
    private record Opening(ClientSettings settings) implements Supplier<SageMakerClient> {
        @Override
        public SageMakerClient get() {
            return settings.open(SageMakerClient.builder());
        }
    }
}
