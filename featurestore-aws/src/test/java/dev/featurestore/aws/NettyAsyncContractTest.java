package dev.featurestore.aws;

import dev.featurestore.testkit.contract.OnlineBackend;
import dev.featurestore.testkit.contract.OnlineStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** The contract of an online store, kept by the official asynchronous client over HTTP with Netty. */
class NettyAsyncContractTest extends OnlineStoreContract {
    private static SdkAsyncHttpClient http;

    private static SdkHttpClient httpOfGroups;

    @BeforeAll
    static void openHttp() {
        http = NettyNioAsyncHttpClient.create();
        httpOfGroups = UrlConnectionHttpClient.create();
    }

    @AfterAll
    static void closeHttp() {
        http.close();
        httpOfGroups.close();
    }

    @Override
    protected OnlineBackend openBackend() {
        return new EmulatedBackend(http, httpOfGroups);
    }
}
