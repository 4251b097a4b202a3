/** One typed definition of features for writing, serving and training. */
module dev.featurestore.core {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires static com.github.benmanes.caffeine;
    requires static micrometer.core;

    exports dev.featurestore;
    exports dev.featurestore.errors;
    exports dev.featurestore.ingest;
    exports dev.featurestore.micrometer;
    exports dev.featurestore.schema;
    exports dev.featurestore.serving;
    exports dev.featurestore.spi;
    exports dev.featurestore.sql;
    exports dev.featurestore.training;
    exports dev.featurestore.view;
}
