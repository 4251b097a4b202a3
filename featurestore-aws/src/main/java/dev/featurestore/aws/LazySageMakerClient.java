package dev.featurestore.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

/**
 * A client of the SageMaker API that is opened when it is first needed: it has hundreds of classes to load, and a program that
 * only puts and reads records starts faster without. Safe for use by many threads.
 */
final class LazySageMakerClient implements Supplier<SageMakerClient>, AutoCloseable {
    private final Supplier<SageMakerClient> opening;

    private @Nullable SageMakerClient client;

    private boolean isClosed;

    LazySageMakerClient(Supplier<SageMakerClient> opening) {
        this.opening = opening;
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
}
