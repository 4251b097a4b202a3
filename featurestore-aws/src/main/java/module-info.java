/** The backend of Amazon SageMaker Feature Store. */
module dev.featurestore.aws {
    requires static transitive org.jspecify;
    requires transitive dev.featurestore.core;
    requires org.slf4j;
    requires transitive software.amazon.awssdk.services.athena;
    requires transitive software.amazon.awssdk.services.sagemaker;
    requires transitive software.amazon.awssdk.services.sagemakerfeaturestoreruntime;
    requires transitive software.amazon.awssdk.auth;
    requires transitive software.amazon.awssdk.regions;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.retries;
    requires software.amazon.awssdk.retries.api;

    exports dev.featurestore.aws;
}
