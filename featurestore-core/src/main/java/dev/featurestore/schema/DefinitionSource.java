package dev.featurestore.schema;

import dev.featurestore.errors.InvalidDefinitionException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Java source of the definition of a deployed group: a class with a constant for each feature and one, {@code GROUP},
 * for the group. Compiled, it has no difference to the deployed group.
 *
 * <p>What the service does not know cannot be in it: codecs, defaults, required features, and how many digits the writers
 * give an event time. Tags and the descriptions of features are left out: a definition without them leaves those that are
 * deployed as they are.
 */
public final class DefinitionSource {
    private static final String SCHEMA = "dev.featurestore.schema.";

    private static final String GROUP = "GROUP";

    private final DeployedFeatureGroup deployed;

    private final String className;

    private final JavaNames constants = new JavaNames(GROUP);

    private final Set<String> imports = new TreeSet<>(Comparator.naturalOrder());

    private DefinitionSource(DeployedFeatureGroup deployed, String className) {
        this.deployed = deployed;
        this.className = className;
    }

    /** As {@link #of(DeployedFeatureGroup, String, String)} with a class named after the group. */
    public static String of(DeployedFeatureGroup deployed, String packageName) {
        return of(deployed, packageName, JavaNames.className(deployed.name()));
    }

    /**
     * The source.
     *
     * @param packageName such as {@code com.example.features}; empty for none
     * @throws IllegalArgumentException if the package or the class cannot be called so in Java
     * @throws InvalidDefinitionException if the group has what a definition cannot have, such as vectors of text; names
     *     every problem
     */
    public static String of(DeployedFeatureGroup deployed, String packageName, String className) {
        JavaNames.requirePackage(packageName);
        JavaNames.requireClass(className);
        requireDefinable(deployed);
        return new DefinitionSource(deployed, className).write(packageName);
    }

    private static void requireDefinable(DeployedFeatureGroup deployed) {
        List<String> problems = new ArrayList<>();
        for (DeployedFeature feature : deployed.features()) {
            boolean isVector = feature.collectionType() == CollectionType.VECTOR;
            if (isVector && feature.type() != FeatureType.FRACTIONAL) {
                problems.add("feature " + feature + " is a vector of something else than Fractional");
            }
            if (feature.name().equals(deployed.eventTime())
                    && (feature.collectionType() != null || feature.type() == FeatureType.INTEGRAL)) {
                problems.add("the event time is the feature " + feature + ", expected String or Fractional");
            }
        }
        requireKey(deployed, deployed.recordIdentifier(), problems);
        requireKey(deployed, deployed.eventTime(), problems);
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException(
                    "A definition of the deployed feature group '" + deployed.name() + "'", problems, deployed.name());
        }
    }

    private static void requireKey(DeployedFeatureGroup deployed, String key, List<String> problems) {
        if (deployed.findFeature(key).isEmpty()) {
            problems.add("it has no feature '" + key + "', which is its record identifier or event time");
        }
    }

    private String write(String packageName) {
        imports.add(SCHEMA + "Feature");
        imports.add(SCHEMA + "FeatureGroup");
        imports.add(SCHEMA + "FeatureRecord");
        StringBuilder features = new StringBuilder();
        List<String> others = new ArrayList<>();
        String identifier = "";
        String eventTime = "";
        for (DeployedFeature feature : deployed.features()) {
            String constant = constants.constant(feature.name());
            boolean isEventTime = feature.name().equals(deployed.eventTime());
            features.append("    public static final Feature<")
                    .append(isEventTime ? imported("java.time.Instant") : javaType(feature))
                    .append("> ")
                    .append(constant)
                    .append(" = ")
                    .append(isEventTime ? eventTime(feature) : factory(feature))
                    .append(";\n");
            if (isEventTime) {
                eventTime = constant;
            } else if (feature.name().equals(deployed.recordIdentifier())) {
                identifier = constant;
            } else {
                others.add(constant);
            }
        }
        String group = group(identifier, eventTime, others);
        StringBuilder source = new StringBuilder();
        if (!packageName.isEmpty()) {
            source.append("package ").append(packageName).append(";\n\n");
        }
        imports.forEach(name -> source.append("import ").append(name).append(";\n"));
        return source.append("\n/** The feature group ")
                .append(deployed.name())
                .append(", as it is deployed. */\n")
                .append("public final class ")
                .append(className)
                .append(" {\n")
                .append(features)
                .append("\n")
                .append(group)
                .append("\n    private ")
                .append(className)
                .append("() {}\n}\n")
                .toString();
    }

    private String group(String identifier, String eventTime, List<String> others) {
        StringBuilder group = new StringBuilder("    public static final FeatureGroup<FeatureRecord> " + GROUP
                + " = FeatureGroup.named(" + JavaNames.literal(deployed.name()) + ")\n");
        call(group, "recordIdentifier(" + identifier + ")");
        call(group, "eventTime(" + eventTime + ")");
        if (!others.isEmpty()) {
            call(group, "features(\n                    " + String.join(",\n                    ", others) + ")");
        }
        if (!deployed.description().isEmpty()) {
            call(group, "description(" + JavaNames.literal(deployed.description()) + ")");
        }
        deployed.onlineStore().ifPresent(online -> call(group, online(online)));
        deployed.offlineStore().ifPresent(offline -> call(group, offline(offline)));
        deployed.throughput().ifPresent(throughput -> call(group, throughput(throughput)));
        deployed.roleArn().ifPresent(role -> call(group, "roleArn(" + JavaNames.literal(role) + ")"));
        return group.append("            .build();\n").toString();
    }

    private static void call(StringBuilder group, String call) {
        group.append("            .").append(call).append("\n");
    }

    private String online(OnlineStoreSettings online) {
        StringBuilder settings = new StringBuilder("onlineStore(online -> online.storageType(")
                .append(imported(SCHEMA + "OnlineStorageType"))
                .append('.')
                .append(online.storageType().name())
                .append(')');
        online.ttl()
                .ifPresent(ttl -> settings.append(".ttl(new ")
                        .append(imported(SCHEMA + "Ttl"))
                        .append('(')
                        .append(ttl.value())
                        .append(", Ttl.Unit.")
                        .append(ttl.unit().name())
                        .append("))"));
        online.kmsKeyId().ifPresent(key -> settings.append(kmsKey(key)));
        return settings.append(')').toString();
    }

    /** The names of a table that the service made are its own choice, unless they are given. */
    private String offline(OfflineStoreSettings offline) {
        StringBuilder settings = new StringBuilder("offlineStore(offline -> offline.s3Uri(")
                .append(JavaNames.literal(offline.s3Uri()))
                .append(')');
        if (offline.tableFormat() != OfflineStoreSettings.TableFormat.GLUE) {
            settings.append(".tableFormat(")
                    .append(imported(SCHEMA + "OfflineStoreSettings"))
                    .append(".TableFormat.")
                    .append(offline.tableFormat().name())
                    .append(')');
        }
        switch (offline.catalogTable()) {
            case CREATED_BY_SERVICE -> {}
            case BRING_YOUR_OWN ->
                settings.append(".existingTable(")
                        .append(JavaNames.literal(offline.database().orElse("")))
                        .append(", ")
                        .append(JavaNames.literal(offline.table().orElse("")))
                        .append(')');
            case NONE -> settings.append(".withoutTable()");
        }
        offline.kmsKeyId().ifPresent(key -> settings.append(kmsKey(key)));
        return settings.append(')').toString();
    }

    private static String kmsKey(String key) {
        return ".kmsKeyId(" + JavaNames.literal(key) + ")";
    }

    private String throughput(Throughput throughput) {
        String type = imported(SCHEMA + "Throughput");
        return switch (throughput.mode()) {
            case ON_DEMAND -> "throughput(" + type + ".onDemand())";
            case PROVISIONED ->
                "throughput(" + type + ".provisioned(" + throughput.readCapacityUnits() + ", "
                        + throughput.writeCapacityUnits() + "))";
        };
    }

    private String eventTime(DeployedFeature feature) {
        String name = JavaNames.literal(feature.name());
        return feature.type() == FeatureType.STRING
                ? "Feature.eventTime(" + name + ")"
                : "Feature.eventTime(" + name + ", " + imported(SCHEMA + "EventTimeFormat") + ".epochSeconds(3))";
    }

    private String javaType(DeployedFeature feature) {
        String element =
                switch (feature.type()) {
                    case STRING -> "String";
                    case INTEGRAL -> "Long";
                    case FRACTIONAL -> "Double";
                };
        if (feature.collectionType() == null) {
            return element;
        }
        boolean isSet = feature.collectionType() == CollectionType.SET;
        return imported(isSet ? "java.util.Set" : "java.util.List") + "<" + element + ">";
    }

    private static String factory(DeployedFeature feature) {
        String name = JavaNames.literal(feature.name());
        CollectionType collection = feature.collectionType();
        String scalar = "Feature." + feature.type().name().toLowerCase(Locale.ROOT) + "(" + name + ")";
        if (collection == null) {
            return scalar;
        }
        return switch (collection) {
            case LIST -> "Feature.list(" + name + ", " + scalar + ".codec())";
            case SET -> "Feature.set(" + name + ", " + scalar + ".codec())";
            case VECTOR -> "Feature.vector(" + name + ", " + feature.dimension() + ")";
        };
    }

    /** The simple name of a class that is imported. */
    private String imported(String name) {
        imports.add(name);
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
