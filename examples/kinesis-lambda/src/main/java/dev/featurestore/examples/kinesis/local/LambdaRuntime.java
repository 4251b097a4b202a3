package dev.featurestore.examples.kinesis.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.lang.reflect.Proxy;
import java.time.Duration;

/**
 * Stands for Lambda's runtime: makes the handler that its argument names, hands it the event that comes in, and writes its answer
 * out. Both are read and written by the library that Lambda's own runtime has for it.
 */
public final class LambdaRuntime {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private LambdaRuntime() {}

    /** Carries out one invocation. */
    @SuppressWarnings("unchecked") // the handler is one of Kinesis events
    public static void main(String[] args) throws ReflectiveOperationException {
        RequestHandler<KinesisEvent, StreamsEventResponse> handler = Class.forName(args[0])
                .asSubclass(RequestHandler.class)
                .getConstructor()
                .newInstance();
        KinesisEvent event = serializer(KinesisEvent.class).fromJson(System.in);
        serializer(StreamsEventResponse.class).toJson(handler.handleRequest(event, context()), System.out);
    }

    private static <T> PojoSerializer<T> serializer(Class<T> type) {
        return LambdaEventSerializers.serializerFor(type, type.getClassLoader());
    }

    private static Context context() {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return (int) Duration.ofNanos(end - System.nanoTime()).toMillis();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
