package dev.featurestore.aws;

import dev.featurestore.testkit.contract.OnlineBackend;
import dev.featurestore.testkit.contract.OnlineStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/** The contract of an online store, kept by the official client over HTTP with the Common Runtime's HTTP client. */
class CrtContractTest extends OnlineStoreContract {
    private static SdkHttpClient http;

    @BeforeAll
    static void openHttp() {
        http = AwsCrtHttpClient.create();
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
