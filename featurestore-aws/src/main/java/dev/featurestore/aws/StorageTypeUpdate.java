package dev.featurestore.aws;

import dev.featurestore.schema.OnlineStorageType;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Writes the body of an UpdateFeatureGroup request with a storage type: the service has the member, and the SDK's model of
 * this version has not. It is written before the request is signed.
 *
 * @param group as sent: a name or an ARN, neither of which has to be escaped
 */
record StorageTypeUpdate(String group, OnlineStorageType storageType) implements SdkPlugin, ExecutionInterceptor {
    @Override
    public void configureClient(SdkServiceClientConfiguration.Builder client) {
        client.overrideConfiguration(client.overrideConfiguration().toBuilder()
                .addExecutionInterceptor(this)
                .build());
    }

    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        // the SDK has set the length of its own body
        return context.httpRequest().toBuilder()
                .putHeader("Content-Length", String.valueOf(body().length()))
                .build();
    }

    @Override
    public Optional<RequestBody> modifyHttpContent(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        return Optional.of(RequestBody.fromString(body()));
    }

    private String body() {
        return "{\"FeatureGroupName\":\"" + group + "\",\"OnlineStoreConfig\":{\"StorageType\":\""
                + storageType.wireName() + "\"}}";
    }
}
