package dev.featurestore.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The service's rules for a definition, from the CreateFeatureGroup API and its quotas page. Each problem is one sentence
 * that says what was expected and what was found.
 */
final class FeatureGroupChecks {
    private static final int MAX_NAME = 64;
    private static final int MAX_FEATURES = 2500;
    private static final int MAX_DESCRIPTION = 128;
    private static final int MAX_FEATURE_DESCRIPTION = 255;
    private static final int MAX_TAGS = 50;
    private static final int MAX_TAG_KEY = 128;
    private static final int MAX_TAG_VALUE = 256;
    private static final int MAX_S3_URI = 1024;
    private static final int MAX_KMS_KEY = 2048;
    private static final int MAX_DATABASE = 255;
    private static final int MAX_TABLE = 252;
    private static final int MAX_DIMENSION = 8192;
    private static final int MAX_CAPACITY_UNITS = 40_000;

    /** Columns that the service itself adds to the offline store. */
    private static final Set<String> RESERVED = Set.of("is_deleted", "write_time", "api_invocation_time");

    private static final Pattern S3_URI = Pattern.compile("(https|s3)://([^/]+)/?(.*)");
    private static final Pattern ROLE_ARN =
            Pattern.compile("arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+");
    private static final Pattern KMS_KEY = Pattern.compile("[a-zA-Z0-9:/_-]+");
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
    private static final Pattern CATALOG_NAME = Pattern.compile("[a-z_][a-z0-9_]*");

    private final FeatureGroup.Builder<?> group;
    private final List<String> problems = new ArrayList<>();

    private FeatureGroupChecks(FeatureGroup.Builder<?> group) {
        this.group = group;
    }

    static List<String> problems(FeatureGroup.Builder<?> group) {
        FeatureGroupChecks checks = new FeatureGroupChecks(group);
        checks.names();
        checks.identifierAndEventTime();
        checks.provenance();
        checks.collections();
        checks.stores();
        checks.throughput();
        checks.text();
        return checks.problems;
    }

    private void names() {
        name("the group's name", group.name);
        List<Feature<?>> features = group.allFeatures();
        if (features.size() > MAX_FEATURES) {
            add("it has " + features.size() + " features, at most " + MAX_FEATURES + " are allowed");
        }
        Map<String, String> seen = new HashMap<>();
        for (Feature<?> feature : features) {
            name("feature '" + feature.name() + "'", feature.name());
            String lower = feature.name().toLowerCase(Locale.ROOT);
            if (RESERVED.contains(lower)) {
                add("feature '" + feature.name() + "' has a name that the service reserves for its own columns");
            }
            String earlier = seen.putIfAbsent(lower, feature.name());
            if (feature.name().equals(earlier)) {
                add("feature '" + feature.name() + "' is there twice; the identifier, the event time and provenance"
                        + " features are not listed again");
            } else if (earlier != null) {
                add("features '" + earlier + "' and '" + feature.name()
                        + "' differ only in case, and are one column in the offline table");
            }
            FeatureCodec<?> codec = feature.collection()
                    .<FeatureCodec<?>>map(CollectionCodec::elements)
                    .orElse(feature.codec());
            if (BuiltInCodecs.isImpostor(codec)) {
                add("feature '" + feature.name() + "' has a codec of its own with the name '" + codec.name()
                        + "', which is blank or built in");
            }
            if (feature.description().length() > MAX_FEATURE_DESCRIPTION) {
                add("the description of feature '" + feature.name() + "' has "
                        + feature.description().length() + " characters, at most " + MAX_FEATURE_DESCRIPTION
                        + " are allowed");
            }
        }
    }

    /** The service's pattern [a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}, with its separate limit of 64 characters. */
    private void name(String what, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            add(what + " has " + name.length() + " characters, expected 1 to " + MAX_NAME);
        }
        boolean allowed = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            allowed &= isLetterOrDigit(c) || c == '-' || c == '_';
        }
        if (!allowed) {
            add(what + " may only have the letters a-z and A-Z, digits, '-' and '_'");
        } else if (!name.isEmpty()
                && !(isLetterOrDigit(name.charAt(0)) && isLetterOrDigit(name.charAt(name.length() - 1)))) {
            add(what + " must begin and end with a letter or digit");
        }
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private void identifierAndEventTime() {
        Feature<?> identifier = group.recordIdentifier;
        if (identifier == null) {
            missing("record identifier", group.identifierAdvice);
        } else {
            if (identifier.collection().isPresent()) {
                add("the record identifier '" + identifier.name() + "' is a collection, expected a scalar");
            }
            noDefault("record identifier", identifier);
        }
        Feature<?> time = group.eventTime;
        if (time == null) {
            missing("event time", group.eventTimeAdvice);
            return;
        }
        noDefault("event time", time);
        if (EventTimeFormat.codecNamed(time.codec().name()) == null) {
            add("the event time '" + time.name() + "' is stored as "
                    + time.codec().name() + ", expected a feature made with Feature.eventTime");
        } else if (time.type() == FeatureType.FRACTIONAL && isIceberg()) {
            add("the event time '" + time.name()
                    + "' is Fractional, but an Iceberg table needs text: use EventTimeFormat.iso8601");
        }
    }

    private void missing(String role, String advice) {
        if (!advice.isEmpty()) {
            add("it has no " + role + ": " + advice);
        }
    }

    private void noDefault(String role, Feature<?> feature) {
        if (feature.defaultText().isPresent()) {
            add("the " + role + " '" + feature.name() + "' has a default; every record brings its own");
        }
    }

    private void provenance() {
        Feature<?> arrival = group.arrivalTime;
        if (arrival != null && !arrival.codec().name().equals(BuiltInCodecs.INSTANT.name())) {
            add("the arrival time '" + arrival.name() + "' is stored as "
                    + arrival.codec().name() + ", expected a feature made with Feature.instant");
        }
        Feature<?> origin = group.writeOrigin;
        if (origin != null && !origin.codec().name().equals(BuiltInCodecs.STRING.name())) {
            add("the write origin '" + origin.name() + "' is stored as "
                    + origin.codec().name() + ", expected a feature made with Feature.string");
        }
        notRequired("arrival time", arrival);
        notRequired("write origin", origin);
    }

    /** A record is complete when it is built, which is before the library stamps it. */
    private void notRequired(String role, @Nullable Feature<?> feature) {
        if (feature != null && feature.isRequired()) {
            add("the " + role + " '" + feature.name()
                    + "' is required, but is stamped only after a record is complete");
        }
    }

    private void collections() {
        int vectors = 0;
        for (Feature<?> feature : group.allFeatures()) {
            CollectionCodec<?> collection = feature.collection().orElse(null);
            if (collection == null) {
                continue;
            }
            if (!isInMemory()) {
                add("feature '" + feature.name() + "' is a collection, which only an online store with storage type"
                        + " InMemory can hold");
            }
            if (collection.collectionType() == CollectionType.VECTOR) {
                vectors++;
                if (collection.dimension() < 1 || collection.dimension() > MAX_DIMENSION) {
                    add("vector '" + feature.name() + "' has dimension " + collection.dimension() + ", expected 1 to "
                            + MAX_DIMENSION);
                }
            }
        }
        if (vectors > 1) {
            add("it has " + vectors + " vector features, at most one is allowed");
        }
    }

    private void stores() {
        OnlineStoreSettings online = group.onlineStore;
        OfflineStoreSettings offline = group.offlineStore;
        if (online == null && offline == null) {
            add("it has no store: call onlineStore, offlineStore or both");
        }
        if (online != null) {
            kmsKey("online", online.kmsKeyId().orElse(null));
            if (isInMemory() && online.kmsKeyId().isPresent()) {
                add("an InMemory online store cannot have a KMS key of its own");
            }
            if (isInMemory() && offline != null) {
                add("an InMemory online store has no offline store beside it: make a second group for history");
            }
        }
        if (offline != null) {
            offline(offline);
        }
    }

    private void offline(OfflineStoreSettings offline) {
        kmsKey("offline", offline.kmsKeyId().orElse(null));
        if (offline.s3Uri().isEmpty()) {
            add("its offline store has no S3 URI: call s3Uri(uri)");
        } else if (!S3_URI.matcher(offline.s3Uri()).matches()) {
            add("its S3 URI is not of the form s3://bucket/prefix");
        }
        if (offline.s3Uri().length() > MAX_S3_URI) {
            add("its S3 URI has " + offline.s3Uri().length() + " characters, at most " + MAX_S3_URI + " are allowed");
        }
        tableNames(offline);
        offline.database().ifPresent(database -> catalogName("database", database, MAX_DATABASE));
        offline.table().ifPresent(table -> catalogName("table", table, MAX_TABLE));
        if (isIceberg() && offline.catalogTable() != OfflineStoreSettings.CatalogTable.CREATED_BY_SERVICE) {
            add("an Iceberg table must be created by the service: leave out existingTable and withoutTable");
        }
    }

    /** The service takes both names or none. */
    private void tableNames(OfflineStoreSettings offline) {
        boolean database = offline.database().isPresent();
        boolean table = offline.table().isPresent();
        if (database != table) {
            add("its table needs the name of its database and its own, or neither: call table(database, table)");
        } else if (offline.catalogTable() == OfflineStoreSettings.CatalogTable.BRING_YOUR_OWN && !table) {
            add("a table of your own needs names: call existingTable(database, table)");
        } else if (offline.catalogTable() == OfflineStoreSettings.CatalogTable.NONE && table) {
            add("it names a table, but has none: leave out the names or withoutTable");
        }
    }

    private void catalogName(String what, String name, int max) {
        if (name.length() > max) {
            add("its " + what + " name has " + name.length() + " characters, at most " + max + " are allowed");
        }
        if (!CATALOG_NAME.matcher(name).matches()) {
            add("its " + what + " name may only have lower case letters, digits and '_', and not begin with a digit");
        }
    }

    private void kmsKey(String store, @Nullable String key) {
        if (key != null && (key.length() > MAX_KMS_KEY || !KMS_KEY.matcher(key).matches())) {
            add("the KMS key of its " + store + " store is not a key id or ARN of at most " + MAX_KMS_KEY
                    + " characters");
        }
    }

    private void throughput() {
        Throughput throughput = group.throughput;
        if (throughput == null) {
            return;
        }
        if (throughput.mode() == Throughput.Mode.ON_DEMAND) {
            if (throughput.readCapacityUnits() != 0 || throughput.writeCapacityUnits() != 0) {
                add("on-demand throughput has no capacity units, got " + throughput.readCapacityUnits()
                        + " for reads and " + throughput.writeCapacityUnits() + " for writes");
            }
            return;
        }
        units("read", throughput.readCapacityUnits());
        units("write", throughput.writeCapacityUnits());
        if (group.onlineStore != null && group.onlineStore.storageType() != OnlineStorageType.STANDARD) {
            add("provisioned throughput needs storage type Standard or a group without online store");
        }
    }

    private void units(String what, int units) {
        if (units < 0 || units > MAX_CAPACITY_UNITS) {
            add("it provisions " + units + " " + what + " capacity units, expected 0 to " + MAX_CAPACITY_UNITS);
        }
    }

    private void text() {
        String description = group.description;
        if (description != null && description.length() > MAX_DESCRIPTION) {
            add("its description has " + description.length() + " characters, at most " + MAX_DESCRIPTION
                    + " are allowed");
        }
        String role = group.roleArn;
        if (role != null
                && (role.length() > 2048
                        || role.length() < 20
                        || !ROLE_ARN.matcher(role).matches())) {
            add("its role is not a role ARN such as arn:aws:iam::123456789012:role/name");
        }
        if (group.tags.size() > MAX_TAGS) {
            add("it has " + group.tags.size() + " tags, at most " + MAX_TAGS + " are allowed");
        }
        group.tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > MAX_TAG_KEY || !TAG.matcher(key).matches()) {
                add("tag key '" + key + "' is not 1 to " + MAX_TAG_KEY + " letters, digits, blanks or _.:/=+-@");
            }
            if (value.length() > MAX_TAG_VALUE || !TAG.matcher(value).matches()) {
                add("the value of tag '" + key + "' is not 0 to " + MAX_TAG_VALUE
                        + " letters, digits, blanks or _.:/=+-@");
            }
        });
    }

    private boolean isInMemory() {
        return group.onlineStore != null && group.onlineStore.storageType() == OnlineStorageType.IN_MEMORY;
    }

    private boolean isIceberg() {
        return group.offlineStore != null
                && group.offlineStore.tableFormat() == OfflineStoreSettings.TableFormat.ICEBERG;
    }

    private void add(String problem) {
        problems.add(problem);
    }
}
