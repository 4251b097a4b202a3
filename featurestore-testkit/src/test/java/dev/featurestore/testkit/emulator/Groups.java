package dev.featurestore.testkit.emulator;

/** Requests that create groups. */
final class Groups {
    static final String ROLE = "arn:aws:iam::000000000000:role/feature-store";

    static final String ID = "card_id";

    static final String TIME = "event_time";

    private Groups() {}

    /** A group with both stores, of four features. */
    static String transactions(String name) {
        return group(name, online(""), "'OfflineStoreConfig': {'S3StorageConfig': {'S3Uri': 's3://features/offline'}}");
    }

    static String online(String more) {
        return "'OnlineStoreConfig': {'EnableOnlineStore': true" + more + "}";
    }

    static String group(String name, String... stores) {
        return "{'FeatureGroupName': '" + name + "', 'RecordIdentifierFeatureName': 'card_id',"
                + " 'EventTimeFeatureName': 'event_time', 'RoleArn': '" + ROLE + "', 'FeatureDefinitions': ["
                + "{'FeatureName': 'amount', 'FeatureType': 'Fractional'},"
                + "{'FeatureName': 'card_id', 'FeatureType': 'String'},"
                + "{'FeatureName': 'event_time', 'FeatureType': 'String'},"
                + "{'FeatureName': 'count', 'FeatureType': 'Integral'}], " + String.join(", ", stores) + "}";
    }
}
