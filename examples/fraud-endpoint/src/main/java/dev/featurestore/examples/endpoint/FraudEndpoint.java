package dev.featurestore.examples.endpoint;

import dev.featurestore.FeatureStore;
import dev.featurestore.Sleeper;
import io.micrometer.core.instrument.binder.jetty.JettyServerThreadPoolMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: listens, warms up, and serves until it is closed. */
final class FraudEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FraudEndpoint.class);

    /** Two requests to the store each, for which it has 64 threads and connections. More are answered with 503 at once. */
    static final int PAYMENTS_AT_ONCE = 32;

    /** Of the server: those that payments leave are for health, metrics and the server itself. */
    private static final int THREADS = 2 * PAYMENTS_AT_ONCE;

    /** For payments that are being scored when the endpoint is closed. */
    private static final Duration TIME_TO_FINISH = Duration.ofSeconds(10);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final JvmGcMetrics gcMetrics = new JvmGcMetrics();

    private final WarmUp warmUp;

    private final Server server = new Server(new QueuedThreadPool(THREADS));

    private final ServerConnector connector;

    private FraudEndpoint(FeatureStore store, EndpointSettings settings, Sleeper sleeper) {
        Scoring scoring = new Scoring(store, settings, registry);
        this.warmUp = new WarmUp(scoring, settings.warmUpKeys(), settings.warmUpFetches(), sleeper);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        this.connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(
                new Routes(new ScoreHandler(scoring, PAYMENTS_AT_ONCE, registry), registry, warmUp::isDone)));
        server.setErrorHandler(new ProblemHandler());
        server.setStopTimeout(TIME_TO_FINISH.toMillis());
        List.of(
                        new JvmMemoryMetrics(),
                        gcMetrics,
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new JettyServerThreadPoolMetrics(server.getThreadPool(), List.of()))
                .forEach(metrics -> metrics.bindTo(registry));
    }

    /**
     * Starts to listen. The endpoint is live then, and ready once it is warm.
     *
     * @param store not closed by the endpoint
     * @throws IllegalStateException if it cannot listen
     */
    static FraudEndpoint start(FeatureStore store, EndpointSettings settings) {
        return start(store, settings, Sleeper.system());
    }

    static FraudEndpoint start(FeatureStore store, EndpointSettings settings, Sleeper sleeper) {
        FraudEndpoint endpoint = new FraudEndpoint(store, settings, sleeper);
        try {
            endpoint.server.start();
        } catch (Exception e) {
            endpoint.close();
            throw new IllegalStateException(
                    "Cannot listen on port " + settings.port() + " of " + settings.host() + ": " + e.getMessage(), e);
        }
        endpoint.warmUp.start();
        LOG.info("Listening on port {} of {}", endpoint.port(), settings.host());
        return endpoint;
    }

    /** The port it listens on. */
    int port() {
        return connector.getLocalPort();
    }

    /**
     * Waits until it cannot become ready, which most never meet.
     *
     * @throws IllegalStateException why
     */
    void awaitFailure() throws InterruptedException {
        throw warmUp.awaitFailure();
    }

    /** Answers what it has begun, and refuses what is new. */
    @Override
    public void close() {
        warmUp.close();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("Some requests were not answered", e);
        }
        gcMetrics.close();
        registry.close();
    }
}
