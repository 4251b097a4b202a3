/** A feature store without a cloud, and suites that hold every backend to the same rules. */
module dev.featurestore.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.featurestore.core;
    requires transitive org.junit.jupiter.api;
    requires com.fasterxml.jackson.databind;
    requires jdk.httpserver;
    requires org.assertj.core;
    requires org.slf4j;
    requires java.sql;
    requires duckdb.jdbc;

    exports dev.featurestore.testkit;
    exports dev.featurestore.testkit.athena;
    exports dev.featurestore.testkit.contract;
    exports dev.featurestore.testkit.emulator;
    exports dev.featurestore.testkit.fault;
    exports dev.featurestore.testkit.junit;
    exports dev.featurestore.testkit.law;

    // JUnit makes the classes of the suites and calls their methods
    opens dev.featurestore.testkit.contract to
            org.junit.platform.commons;
}
