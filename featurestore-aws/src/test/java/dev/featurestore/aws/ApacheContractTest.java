package dev.featurestore.aws;

import dev.featurestore.testkit.contract.OnlineBackend;
import dev.featurestore.testkit.contract.OnlineStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** The contract of an online store, kept by the official client over HTTP with the Apache HTTP client. */
class ApacheContractTest extends OnlineStoreContract {
    private static SdkHttpClient http;

    @BeforeAll
    static void openHttp() {
        http = ApacheHttpClient.builder().expectContinueEnabled(false).build();
    }

    @AfterAll
    static void closeHttp() {
        http.close();
    }

    @Override
    protected OnlineBackend openBackend() {
        return new EmulatedBackend(http);
    }
}
