package dev.featurestore.aws;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;

/**
 * What the clients that a store opens itself have in common. They do not repeat by themselves.
 *
 * @param region null for the SDK's default
 * @param endpoint null for AWS's
 * @param credentials null for the SDK's default
 */
record ClientSettings(
        @Nullable Region region,
        @Nullable URI endpoint,
        @Nullable AwsCredentialsProvider credentials,
        Duration callTimeout) {
    <B extends AwsClientBuilder<B, C>, C> C open(B client) {
        client.overrideConfiguration(
                config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(callTimeout));
        if (region != null) {
            client.region(region);
        }
        if (endpoint != null) {
            client.endpointOverride(endpoint);
        }
        if (credentials != null) {
            client.credentialsProvider(credentials);
        }
        return client.build();
    }
}
