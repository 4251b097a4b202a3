package dev.featurestore.aws;

import dev.featurestore.training.ManifestStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import software.amazon.awssdk.services.athena.AthenaClient;

/**
 * A program that ends without a word before or after one of its requests to Athena, or one of the times that it writes down
 * what is done: whatever it is asked from then on, it does nothing.
 */
final class DoomedAthena {
    /** No program catches it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final int last;

    private final boolean after;

    private int steps;

    private boolean dead;

    /**
     * @param last the number of the step that it does not survive, from 0
     * @param after whether that step is done
     */
    DoomedAthena(int last, boolean after) {
        this.last = last;
        this.after = after;
    }

    private void before() {
        if (dead || (steps == last && !after)) {
            dead = true;
            throw new Killed();
        }
    }

    private void after() {
        if (steps++ == last) {
            dead = true;
            throw new Killed();
        }
    }

    AthenaClient client(AthenaClient client) {
        return (AthenaClient) Proxy.newProxyInstance(
                AthenaClient.class.getClassLoader(),
                new Class<?>[] {AthenaClient.class},
                (proxy, method, arguments) -> {
                    before();
                    Object answer = invoke(client, method, arguments);
                    after();
                    return answer;
                });
    }

    private static Object invoke(AthenaClient client, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    ManifestStore manifest(ManifestStore store) {
        return new ManifestStore() {
            @Override
            public Optional<String> read() {
                return store.read();
            }

            @Override
            public void write(String text) {
                before();
                store.write(text);
                after();
            }

            @Override
            public Lock lock() {
                return store.lock();
            }
        };
    }
}
