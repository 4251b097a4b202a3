package dev.featurestore.aws;

import org.junit.jupiter.api.Tag;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/** Faults as seen through the Common Runtime's HTTP client; they are those of the Apache client. */
@Tag("soak")
class CrtFaultTest extends FaultContract {
    CrtFaultTest() {
        super(AwsCrtHttpClient.create());
    }

    @Override
    int expected(FaultTable.Count count) {
        return count.usual();
    }
}
