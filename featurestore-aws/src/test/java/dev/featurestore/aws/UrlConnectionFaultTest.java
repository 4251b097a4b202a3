package dev.featurestore.aws;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Faults as seen through the JDK's URLConnection, which repeats a GET or DELETE that got no answer once by itself. */
class UrlConnectionFaultTest extends FaultContract {
    UrlConnectionFaultTest() {
        super(UrlConnectionHttpClient.create());
    }

    @Override
    int expected(FaultTable.Count count) {
        return count.urlConnection();
    }
}
