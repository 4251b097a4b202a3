package dev.featurestore.testkit.contract;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OnlineStorageType;
import java.time.Duration;
import java.util.List;

/** The groups that the cases of {@link OnlineStoreContract} share. A service that is slow to make groups has them ready. */
public final class ContractGroups {
    static final String ID = "id";
    static final String TIME = "event_time";
    static final String COUNT = "count";
    static final String AMOUNT = "amount";
    static final String LABEL = "label";
    static final String LIST = "recent";
    static final String SET = "tags";
    static final String VECTOR = "embedding";

    /** Both stores, no time to live, event times as text. */
    public static final FeatureGroup<FeatureRecord> STANDARD = scalars("contract-standard")
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/contract"))
            .roleArn("arn:aws:iam::123456789012:role/contract")
            .build();

    /** As {@link #STANDARD}, with a time to live of an hour. */
    public static final FeatureGroup<FeatureRecord> HOURLY = scalars("contract-hourly")
            .onlineStore(online -> online.ttl(Duration.ofHours(1)))
            .offlineStore(offline -> offline.s3Uri("s3://bucket/contract"))
            .roleArn("arn:aws:iam::123456789012:role/contract")
            .build();

    /** No offline store. */
    public static final FeatureGroup<FeatureRecord> ONLINE_ONLY =
            scalars("contract-online-only").onlineStore().build();

    /** No online store. */
    public static final FeatureGroup<FeatureRecord> OFFLINE_ONLY = scalars("contract-offline-only")
            .offlineStore(offline -> offline.s3Uri("s3://bucket/contract"))
            .roleArn("arn:aws:iam::123456789012:role/contract")
            .build();

    /** Event times in epoch seconds. */
    public static final FeatureGroup<FeatureRecord> EPOCH = FeatureGroup.named("contract-epoch")
            .recordIdentifier(Feature.string(ID))
            .eventTime(Feature.eventTime(TIME, EventTimeFormat.epochSeconds(6)))
            .features(Feature.integral(COUNT))
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/contract"))
            .roleArn("arn:aws:iam::123456789012:role/contract")
            .build();

    /** A list, a set and a vector of two; only for backends that hold collections. */
    public static final FeatureGroup<FeatureRecord> COLLECTIONS = FeatureGroup.named("contract-collections")
            .recordIdentifier(Feature.string(ID))
            .eventTime(Feature.eventTime(TIME))
            .features(
                    Feature.list(LIST, Feature.string("element").codec()),
                    Feature.set(SET, Feature.integral("element").codec()),
                    Feature.vector(VECTOR, 2))
            .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))
            .build();

    private ContractGroups() {}

    /** All but {@link #COLLECTIONS}. */
    public static List<FeatureGroup<FeatureRecord>> scalars() {
        return List.of(STANDARD, HOURLY, ONLINE_ONLY, OFFLINE_ONLY, EPOCH);
    }

    /** A group as {@link #STANDARD} under another name. */
    static FeatureGroup<FeatureRecord> another(String name) {
        return scalars(name).onlineStore().build();
    }

    private static FeatureGroup.Builder<FeatureRecord> scalars(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(Feature.string(ID))
                .eventTime(Feature.eventTime(TIME))
                .features(Feature.integral(COUNT), Feature.fractional(AMOUNT), Feature.string(LABEL));
    }
}
