package dev.featurestore.aws;

import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.testkit.contract.FeatureGroupAdminContract;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** The contract of an administration, kept by the official client over HTTP. */
class SageMakerFeatureGroupAdminContractTest extends FeatureGroupAdminContract {
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();

    private final EmulatedBackend backend = new EmulatedBackend(HTTP);

    @AfterAll
    static void closeHttp() {
        HTTP.close();
    }

    @Override
    protected FeatureGroupAdmin openAdmin() {
        return backend.admin();
    }

    @Override
    protected void closeAdmin() {
        backend.close();
    }
}
