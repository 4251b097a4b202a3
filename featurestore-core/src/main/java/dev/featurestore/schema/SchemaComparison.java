package dev.featurestore.schema;

import dev.featurestore.schema.DeployedFeatureGroup.Status;
import dev.featurestore.schema.SchemaChange.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the differences of one group; the rules are those of UpdateFeatureGroup. */
final class SchemaComparison {
    private static final Pattern VERSION = Pattern.compile("(.*[-_]v)(\\d{1,6})");

    private final FeatureGroup<?> definition;

    private final DeployedFeatureGroup deployed;

    private final List<SchemaChange> changes = new ArrayList<>();

    SchemaComparison(FeatureGroup<?> definition, DeployedFeatureGroup deployed) {
        this.definition = definition;
        this.deployed = deployed;
    }

    List<SchemaChange> changes(Map<String, String> tags, Map<String, String> featureDescriptions) {
        status();
        throughput();
        online();
        features();
        keys();
        offline();
        role();
        descriptions(featureDescriptions);
        tags(tags);
        changes.sort(Comparator.comparing(change -> change.kind().verdict() == SchemaChange.Verdict.FORBIDDEN));
        return changes;
    }

    private void status() {
        Status status = deployed.status();
        if (status == Status.CREATED || status == Status.CREATING) {
            return;
        }
        add(
                Kind.STATUS,
                "",
                "the group's status is " + status.wireName()
                        + deployed.failure()
                                .map(reason -> ", the service's reason: " + reason)
                                .orElse("") + ": "
                        + (status == Status.DELETING ? "wait until it is gone" : "delete it") + ", and apply again");
    }

    private void throughput() {
        Throughput wanted = definition.throughput().orElse(null);
        Throughput found = deployed.throughput().orElse(Throughput.onDemand());
        if (wanted != null && !wanted.equals(found)) {
            add(Kind.THROUGHPUT, "", "throughput " + found + " -> " + wanted);
        }
    }

    private void online() {
        OnlineStoreSettings wanted = definition.onlineStore().orElse(null);
        OnlineStoreSettings found = deployed.onlineStore().orElse(null);
        if (wanted == null || found == null) {
            store(Kind.ONLINE_STORE, "an online store", wanted != null, found != null);
            return;
        }
        storageType(wanted.storageType(), found.storageType());
        Ttl ttl = wanted.ttl().orElse(null);
        Ttl deployedTtl = found.ttl().orElse(null);
        if (!Objects.equals(length(ttl), length(deployedTtl))) {
            add(Kind.TIME_TO_LIVE, "", "time to live " + text(deployedTtl) + " -> " + text(ttl));
        }
        kmsKey("online", wanted.kmsKeyId().orElse(null), found.kmsKeyId().orElse(null));
    }

    private void storageType(OnlineStorageType wanted, OnlineStorageType found) {
        if (wanted == found) {
            return;
        }
        String types = found.wireName() + " -> " + wanted.wireName();
        if (found == OnlineStorageType.STANDARD && wanted == OnlineStorageType.STANDARD_V2) {
            add(Kind.STORAGE_UPGRADE, "", "storage type " + types);
        } else {
            forbidden(Kind.STORAGE_TYPE, "", "storage type " + types, "only Standard can become Standard_V2");
        }
    }

    private static @Nullable Duration length(@Nullable Ttl ttl) {
        return ttl == null ? null : ttl.toDuration();
    }

    private static String text(@Nullable Ttl ttl) {
        return ttl == null ? "none" : ttl.toString();
    }

    private void features() {
        Map<String, DeployedFeature> found = new HashMap<>();
        Map<String, String> anyCase = new HashMap<>();
        deployed.features().forEach(feature -> {
            found.put(feature.name(), feature);
            anyCase.put(feature.name().toLowerCase(Locale.ROOT), feature.name());
        });
        Set<String> defined = new HashSet<>();
        for (Feature<?> feature : definition.features()) {
            DeployedFeature wanted = DeployedFeature.of(feature);
            DeployedFeature is = found.get(wanted.name());
            String otherCase = anyCase.get(wanted.name().toLowerCase(Locale.ROOT));
            if (is == null && otherCase != null) {
                forbidden(
                        Kind.FEATURE_TYPE,
                        wanted.name(),
                        "feature '" + wanted.name() + "' is deployed as '" + otherCase + "'",
                        "the two would be one column in the offline table; define it as it is deployed");
                defined.add(otherCase);
            } else if (is == null) {
                add(Kind.NEW_FEATURE, wanted.name(), "feature " + wanted);
            } else if (!is.equals(wanted)) {
                forbidden(
                        Kind.FEATURE_TYPE,
                        wanted.name(),
                        "feature '" + wanted.name() + "' is " + wanted.typeName() + ", deployed as " + is.typeName(),
                        "a feature keeps its type");
            }
            defined.add(wanted.name());
        }
        for (DeployedFeature feature : deployed.features()) {
            if (!defined.contains(feature.name())) {
                add(
                        Kind.UNDEFINED_FEATURE,
                        feature.name(),
                        "feature " + feature + " is deployed but not defined: features cannot be removed, and every put"
                                + " by this definition would erase its value; add it to the definition, or make a new"
                                + " version of the group, such as '" + nextVersion() + "'");
            }
        }
    }

    private void keys() {
        key(
                Kind.RECORD_IDENTIFIER,
                "the record identifier",
                definition.recordIdentifier().name(),
                deployed.recordIdentifier());
        key(Kind.EVENT_TIME, "the event time", definition.eventTime().name(), deployed.eventTime());
    }

    private void key(Kind kind, String what, String wanted, String found) {
        if (!wanted.equals(found)) {
            forbidden(kind, "", what + " is '" + wanted + "', deployed as '" + found + "'", "it cannot change");
        }
    }

    private void offline() {
        OfflineStoreSettings wanted = definition.offlineStore().orElse(null);
        OfflineStoreSettings found = deployed.offlineStore().orElse(null);
        if (wanted == null || found == null) {
            store(Kind.OFFLINE_STORE, "an offline store", wanted != null, found != null);
            return;
        }
        fixed(Kind.S3_URI, "the S3 URI", withoutSlash(wanted.s3Uri()), withoutSlash(found.s3Uri()));
        fixed(
                Kind.TABLE_FORMAT,
                "the table format",
                wanted.tableFormat().name(),
                found.tableFormat().name());
        fixed(
                Kind.CATALOG_TABLE,
                "the catalog table",
                wanted.catalogTable().name(),
                found.catalogTable().name());
        wanted.database()
                .ifPresent(name -> fixed(
                        Kind.CATALOG_TABLE,
                        "the database",
                        lower(name),
                        lower(found.database().orElse("none"))));
        wanted.table()
                .ifPresent(name -> fixed(
                        Kind.CATALOG_TABLE,
                        "the table",
                        lower(name),
                        lower(found.table().orElse("none"))));
        kmsKey("offline", wanted.kmsKeyId().orElse(null), found.kmsKeyId().orElse(null));
    }

    private void role() {
        definition
                .roleArn()
                .ifPresent(role ->
                        fixed(Kind.ROLE, "the role", role, deployed.roleArn().orElse("none")));
    }

    private void store(Kind kind, String what, boolean wanted, boolean found) {
        if (wanted != found) {
            forbidden(
                    kind,
                    "",
                    "the definition has " + (wanted ? what : "no" + what.substring(2)) + ", the deployed group has "
                            + (found ? "one" : "none"),
                    "a group cannot get or lose a store");
        }
    }

    /** A key is told as id or as ARN. */
    private void kmsKey(String store, @Nullable String wanted, @Nullable String found) {
        boolean same = Objects.equals(wanted, found)
                || (wanted != null && found != null && (wanted.endsWith("/" + found) || found.endsWith("/" + wanted)));
        if (!same) {
            forbidden(
                    Kind.KMS_KEY,
                    store,
                    "the " + store + " store has " + (wanted == null ? "no key of its own" : "a key of its own")
                            + ", deployed with " + (found == null ? "none" : "another"),
                    "a store keeps its key");
        }
    }

    private void fixed(Kind kind, String what, String wanted, String found) {
        if (!wanted.equals(found)) {
            forbidden(kind, "", what + " is " + wanted + ", deployed as " + found, "it cannot change");
        }
    }

    private void descriptions(Map<String, String> featureDescriptions) {
        if (!definition.description().isEmpty() && !definition.description().equals(deployed.description())) {
            add(Kind.DESCRIPTION, "", "the description differs, and stays as deployed: the service cannot change it");
        }
        for (Feature<?> feature : definition.features()) {
            String found = featureDescriptions.get(feature.name());
            if (!feature.description().isEmpty()
                    && found != null
                    && !feature.description().equals(found)) {
                add(Kind.FEATURE_DESCRIPTION, feature.name(), "description of feature '" + feature.name() + "'");
            }
        }
    }

    private void tags(Map<String, String> found) {
        definition.tags().forEach((key, value) -> {
            if (!value.equals(found.get(key))) {
                add(Kind.TAG, key, "tag '" + key + "' " + (found.containsKey(key) ? "gets another value" : "is added"));
            }
        });
    }

    private void forbidden(Kind kind, String subject, String difference, String rule) {
        add(
                kind,
                subject,
                difference + ": " + rule + "; define it as deployed, or make a new version of the group, such as '"
                        + nextVersion() + "'");
    }

    /** The version counted on if the name ends in one, such as {@code _v3}; else the second. */
    private String nextVersion() {
        Matcher version = VERSION.matcher(definition.name());
        return version.matches()
                ? version.group(1) + (Integer.parseInt(version.group(2)) + 1)
                : definition.name() + "_v2";
    }

    private static String withoutSlash(String uri) {
        return uri.replaceAll("/+$", "");
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private void add(Kind kind, String subject, String text) {
        changes.add(new SchemaChange(kind, subject, text));
    }
}
