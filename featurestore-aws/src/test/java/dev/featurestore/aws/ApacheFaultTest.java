package dev.featurestore.aws;

import software.amazon.awssdk.http.apache.ApacheHttpClient;

/** Faults as seen through the Apache HTTP client. */
class ApacheFaultTest extends FaultContract {
    ApacheFaultTest() {
        super(ApacheHttpClient.builder().expectContinueEnabled(false).build());
    }

    @Override
    int expected(FaultTable.Count count) {
        return count.usual();
    }
}
