/** The endpoint, as a module. */
module com.example.fraud.endpoint {
    requires fraud.definitions;
    requires dev.featurestore.aws;

    exports com.example.fraud.endpoint;
}
