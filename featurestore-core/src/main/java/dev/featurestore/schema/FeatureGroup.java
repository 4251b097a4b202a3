package dev.featurestore.schema;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.RecordMappingException;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a feature group: its features in order, which of them identifies a record and which is its event
 * time, and the settings of its stores. Writers, readers, table plans and training SQL are all read off it.
 *
 * <p>Immutable, safe for use by many threads, {@link Serializable}, and available as JSON for programs that are not on the
 * JVM. Two definitions are equal when their JSON forms are.
 *
 * @param <R> the row type of the group's clients: {@link FeatureRecord}, or a Java record
 */
public final class FeatureGroup<R> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The identifier and the event time come first. */
    private static final int KEY_COLUMNS = 2;

    private final String name;
    private final String description;
    private final FeatureColumns columns;
    private final Feature<?> recordIdentifier;
    private final Feature<Instant> eventTime;
    private final Provenance provenance;
    private final @Nullable OnlineStoreSettings onlineStore;
    private final @Nullable OfflineStoreSettings offlineStore;
    private final @Nullable Throughput throughput;
    private final @Nullable String roleArn;
    /** Unmodifiable, in the order given. */
    @SuppressWarnings("serial")
    private final Map<String, String> tags;

    private final RowMapper<R> rowMapper;

    private FeatureGroup(Builder<R> builder, Feature<?> recordIdentifier, Feature<Instant> eventTime) {
        List<Feature<?>> features = builder.allFeatures();
        this.name = builder.name;
        this.description = builder.description == null ? "" : builder.description;
        this.columns = new FeatureColumns(
                "feature group '" + builder.name + "'",
                features.stream().map(Feature::name).collect(Collectors.toList()),
                features);
        this.recordIdentifier = recordIdentifier;
        this.eventTime = eventTime;
        this.provenance = new Provenance(builder.arrivalTime, builder.writeOrigin);
        this.onlineStore = builder.onlineStore;
        this.offlineStore = builder.offlineStore;
        this.throughput = builder.throughput;
        this.roleArn = builder.roleArn;
        this.tags = Collections.unmodifiableMap(new LinkedHashMap<>(builder.tags));
        this.rowMapper = builder.rowMapper;
    }

    /** Starts the definition of a group whose rows are {@link FeatureRecord}s: any number of features. */
    public static Builder<FeatureRecord> named(String name) {
        return new Builder<>(name, new RecordItself());
    }

    /**
     * Starts the definition of a group whose rows are a public Java record, its components the features. As
     * {@link #ofRecord(String, Class, MethodHandles.Lookup)} for record classes that everyone can see.
     */
    public static <R extends Record> Builder<R> ofRecord(String name, Class<R> type) {
        return ofRecord(name, type, MethodHandles.publicLookup());
    }

    /**
     * Starts the definition of a group whose rows are a Java record, its components the features.
     *
     * <p>A component {@code txnCount60s} is the feature {@code txn_count60s} unless {@link FeatureName} says otherwise. Its
     * type chooses the codec: {@code String, long, int, double, float, boolean}, their boxes, enums, {@code Instant,
     * LocalDate, BigDecimal, Duration}. A primitive component is a required feature; any other may be null, and is then
     * left out. {@link RecordIdentifier} and {@link EventTime} mark one component each.
     *
     * <p>The components of a record have at most 253 slots, of which {@code long} and {@code double} take two: for wide
     * groups use {@link #named}.
     *
     * @param lookup one that sees the record, such as {@code MethodHandles.lookup()} of the code that declares it
     * @throws InvalidDefinitionException if a component has a type without codec, or the record is not accessible
     */
    public static <R extends Record> Builder<R> ofRecord(String name, Class<R> type, MethodHandles.Lookup lookup) {
        RecordClassMapper<R> mapper = RecordClassMapper.of(name, type, lookup);
        Builder<R> builder = new Builder<>(name, mapper);
        mapper.define(builder);
        return builder;
    }

    /**
     * The definition that a JSON form describes. Rows are {@link FeatureRecord}s.
     *
     * @param codecs the codecs of enums and of types of your own that the definition uses; built-in ones are known
     * @throws InvalidDefinitionException if the text is not such a form, is of a newer version, or names an unknown codec
     */
    public static FeatureGroup<FeatureRecord> fromJson(String json, FeatureCodec<?>... codecs) {
        return FeatureGroupJson.read(json, List.of(codecs));
    }

    /** The name; unique in an account and region. */
    public String name() {
        return name;
    }

    /** The description; empty if there is none. */
    public String description() {
        return description;
    }

    /** All features in order: the identifier, the event time, then the others, provenance last. */
    public List<Feature<?>> features() {
        List<Feature<?>> features = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            features.add(columns.feature(i));
        }
        return Collections.unmodifiableList(features);
    }

    /** The same features, as the columns of records. */
    public FeatureColumns columns() {
        return columns;
    }

    /**
     * The feature of this name, whatever its type.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Feature<?> feature(String featureName) {
        int i = columns.find(featureName);
        if (i < 0) {
            throw new IllegalArgumentException("Feature group '" + name + "' has no feature '" + featureName + "'");
        }
        return columns.feature(i);
    }

    /**
     * The feature of this name and Java type; the way to the features of a Java record.
     *
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    @SuppressWarnings("unchecked") // the codec's Java type was compared
    public <T> Feature<T> feature(String featureName, Class<T> javaType) {
        Feature<?> feature = feature(featureName);
        if (feature.codec().javaType() != javaType) {
            throw new IllegalArgumentException(
                    "Feature '" + featureName + "' of feature group '" + name + "' is of type "
                            + feature.codec().javaType().getSimpleName() + ", not " + javaType.getSimpleName());
        }
        return (Feature<T>) feature;
    }

    /** The feature that identifies a record. */
    public Feature<?> recordIdentifier() {
        return recordIdentifier;
    }

    /** The feature that says when a record was true; in UTC. */
    public Feature<Instant> eventTime() {
        return eventTime;
    }

    /** The features that the library itself stamps on every write. */
    public Provenance provenance() {
        return provenance;
    }

    /** The online store's settings; empty if the group has none. */
    public Optional<OnlineStoreSettings> onlineStore() {
        return Optional.ofNullable(onlineStore);
    }

    /** The offline store's settings; empty if the group has none. */
    public Optional<OfflineStoreSettings> offlineStore() {
        return Optional.ofNullable(offlineStore);
    }

    /** The throughput; empty for on demand when the group is created, and for what it has when it is there. */
    public Optional<Throughput> throughput() {
        return Optional.ofNullable(throughput);
    }

    /** The role with which the service writes the offline store; empty if it is given at deployment. */
    public Optional<String> roleArn() {
        return Optional.ofNullable(roleArn);
    }

    /** The tags in the order given. */
    public Map<String, String> tags() {
        return tags;
    }

    /** How rows become records. */
    public RowMapper<R> rowMapper() {
        return rowMapper;
    }

    /**
     * A builder that starts with everything of this definition, such as for a stage with another role and S3 URI. A setting
     * that is made again replaces the one that is there; features are added to those that are there.
     */
    public Builder<R> toBuilder() {
        return new Builder<>(this);
    }

    /** A builder of one record. */
    public FeatureRecord.Builder newRecord() {
        return new FeatureRecord.Builder(this);
    }

    /** The JSON form, version 1: see {@code docs/definition-json.md}. Equal definitions have equal texts. */
    public String toJson() {
        return FeatureGroupJson.write(this);
    }

    /** The wire text of an identifier given as the identifier feature's Java type. */
    public String encodeIdentifier(Object identifier) {
        return encodeIdentifier(recordIdentifier, Objects.requireNonNull(identifier, "identifier"));
    }

    @SuppressWarnings("unchecked") // checked against the codec's Java type
    private <T> String encodeIdentifier(Feature<T> feature, Object identifier) {
        if (!feature.codec().javaType().isInstance(identifier)) {
            throw new RecordMappingException(
                    "The record identifier '" + feature.name() + "' of feature group '" + name + "' is of type "
                            + feature.codec().javaType().getSimpleName() + ", got "
                            + identifier.getClass().getSimpleName(),
                    name,
                    null,
                    null);
        }
        try {
            return feature.codec().encode((T) identifier);
        } catch (RuntimeException e) {
            throw new RecordMappingException(
                    "The record identifier '" + feature.name() + "' of feature group '" + name + "' cannot be written: "
                            + UnstorableValueException.describe(e),
                    name,
                    null,
                    null);
        }
    }

    void requireComplete(FeatureRecord record) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Feature<?> feature = columns.feature(i);
            boolean mustHave = i < KEY_COLUMNS || feature.isRequired();
            if (mustHave && !record.values().isPresent(i)) {
                missing.add("'" + feature.name() + "'");
            }
        }
        if (!missing.isEmpty()) {
            throw new RecordMappingException(
                    "A record of feature group '" + name + "' lacks " + String.join(", ", missing)
                            + ": a put replaces the whole record, so every required feature must be in it",
                    name,
                    null,
                    null);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof FeatureGroup<?> that && name.equals(that.name) && toJson().equals(that.toJson()));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The name and the number of features. */
    @Override
    public String toString() {
        return "feature group '" + name + "' (" + columns.size() + " features)";
    }

    /** The mapping of groups without a row type of their own. */
    private static final class RecordItself implements RowMapper<FeatureRecord> {
        private static final long serialVersionUID = 1L;

        @Override
        public FeatureRecord toRecord(FeatureGroup<FeatureRecord> group, FeatureRecord row) {
            FeatureRecord record = FeatureRecord.ofStored(group, row.values());
            group.requireComplete(record);
            return record;
        }

        @Override
        public FeatureRecord fromRecord(FeatureRecord record) {
            return record;
        }
    }

    /**
     * Collects a definition. Nothing is checked before {@link #build()}, which reports all problems at once. Not safe for
     * use by several threads.
     */
    public static final class Builder<R> {
        private static final Set<String> SETTINGS = Set.of(
                "recordIdentifier",
                "eventTime",
                "stampArrivalTime",
                "stampWriteOrigin",
                "description",
                "onlineStore",
                "offlineStore",
                "throughput",
                "roleArn");

        final String name;
        final RowMapper<R> rowMapper;
        final List<Feature<?>> features = new ArrayList<>();
        final Map<String, String> tags = new LinkedHashMap<>();
        final List<String> problems = new ArrayList<>();

        /** What another definition brought, and may be set once more. */
        private Set<String> inherited = new HashSet<>();

        /** What to do about a missing key; empty if its mistake is told already. */
        String identifierAdvice = "call recordIdentifier(feature)";

        String eventTimeAdvice = "call eventTime(feature)";

        @Nullable
        String description;

        @Nullable
        Feature<?> recordIdentifier;

        @Nullable
        Feature<Instant> eventTime;

        @Nullable
        Feature<Instant> arrivalTime;

        @Nullable
        Feature<String> writeOrigin;

        @Nullable
        OnlineStoreSettings onlineStore;

        @Nullable
        OfflineStoreSettings offlineStore;

        @Nullable
        Throughput throughput;

        @Nullable
        String roleArn;

        Builder(String name, RowMapper<R> rowMapper) {
            this.name = Objects.requireNonNull(name, "name");
            this.rowMapper = rowMapper;
        }

        private Builder(FeatureGroup<R> from) {
            this(from.name, from.rowMapper);
            this.recordIdentifier = from.recordIdentifier;
            this.eventTime = from.eventTime;
            this.arrivalTime = from.provenance.arrivalTime();
            this.writeOrigin = from.provenance.writeOrigin();
            from.features().stream()
                    .skip(KEY_COLUMNS)
                    .filter(feature -> !feature.equals(arrivalTime) && !feature.equals(writeOrigin))
                    .forEach(features::add);
            this.description = from.description;
            this.onlineStore = from.onlineStore;
            this.offlineStore = from.offlineStore;
            this.throughput = from.throughput;
            this.roleArn = from.roleArn;
            this.tags.putAll(from.tags);
            this.inherited = new HashSet<>(SETTINGS);
            from.tags.keySet().forEach(key -> inherited.add(tagSetting(key)));
        }

        /** The feature that identifies a record: a scalar, at most 2 KB of text. Not to be listed again. */
        public Builder<R> recordIdentifier(Feature<?> feature) {
            once("recordIdentifier", recordIdentifier);
            this.recordIdentifier = Objects.requireNonNull(feature, "feature");
            return this;
        }

        /** The feature that says when a record was true. Not to be listed again. */
        public Builder<R> eventTime(Feature<Instant> feature) {
            once("eventTime", eventTime);
            this.eventTime = Objects.requireNonNull(feature, "feature");
            return this;
        }

        /** Adds features in this order. */
        public Builder<R> features(Feature<?>... more) {
            return features(List.of(more));
        }

        /** Adds features in this order. */
        public Builder<R> features(List<? extends Feature<?>> more) {
            features.addAll(more);
            return this;
        }

        /**
         * Declares a feature that the library's writers fill with the time of each put, to the nanosecond. It sharpens the
         * replay of what was served, where the service's own arrival time is coarse, to the writer's clock and the time a put
         * is under way. Deletes carry no stamp. Not to be listed again.
         */
        public Builder<R> stampArrivalTime(Feature<Instant> feature) {
            once("stampArrivalTime", arrivalTime);
            this.arrivalTime = Objects.requireNonNull(feature, "feature");
            return this;
        }

        /**
         * Declares a feature that the library's writers fill with where each put comes from: {@link Provenance#LIVE}, or
         * the id of a backfill. It lets training leave out rows that were never served. Not to be listed again.
         */
        public Builder<R> stampWriteOrigin(Feature<String> feature) {
            once("stampWriteOrigin", writeOrigin);
            this.writeOrigin = Objects.requireNonNull(feature, "feature");
            return this;
        }

        /** At most 128 characters. */
        public Builder<R> description(String text) {
            once("description", description);
            this.description = Objects.requireNonNull(text, "text");
            return this;
        }

        /** An online store with default settings. */
        public Builder<R> onlineStore() {
            return onlineStore(online -> {});
        }

        /** An online store. */
        public Builder<R> onlineStore(Consumer<OnlineStoreSettings.Builder> settings) {
            once("onlineStore", onlineStore);
            OnlineStoreSettings.Builder builder = new OnlineStoreSettings.Builder();
            settings.accept(builder);
            this.onlineStore = builder.build();
            return this;
        }

        /** An offline store; its S3 URI must be set. */
        public Builder<R> offlineStore(Consumer<OfflineStoreSettings.Builder> settings) {
            once("offlineStore", offlineStore);
            OfflineStoreSettings.Builder builder = new OfflineStoreSettings.Builder();
            settings.accept(builder);
            this.offlineStore = builder.build();
            return this;
        }

        /** The throughput. */
        public Builder<R> throughput(Throughput value) {
            once("throughput", throughput);
            this.throughput = Objects.requireNonNull(value, "value");
            return this;
        }

        /** The role with which the service writes the offline store. */
        public Builder<R> roleArn(String arn) {
            once("roleArn", roleArn);
            this.roleArn = Objects.requireNonNull(arn, "arn");
            return this;
        }

        /** Adds a tag, at most 50. */
        public Builder<R> tag(String key, String value) {
            Objects.requireNonNull(key, "key");
            once(tagSetting(key), tags.put(key, Objects.requireNonNull(value, "value")));
            return this;
        }

        /**
         * The definition.
         *
         * @throws InvalidDefinitionException if anything in it breaks a rule or limit of the service; names every problem
         */
        public FeatureGroup<R> build() {
            List<String> found = new ArrayList<>(problems);
            found.addAll(FeatureGroupChecks.problems(this));
            Feature<?> identifier = recordIdentifier;
            Feature<Instant> time = eventTime;
            if (!found.isEmpty() || identifier == null || time == null) {
                throw new InvalidDefinitionException("Feature group '" + name + "'", found, name);
            }
            return new FeatureGroup<>(this, identifier, time);
        }

        /** Identifier, event time, the rest, provenance; what is not set is left out. */
        List<Feature<?>> allFeatures() {
            List<Feature<?>> all = new ArrayList<>();
            if (recordIdentifier != null) {
                all.add(recordIdentifier);
            }
            if (eventTime != null) {
                all.add(eventTime);
            }
            all.addAll(features);
            if (arrivalTime != null) {
                all.add(arrivalTime);
            }
            if (writeOrigin != null) {
                all.add(writeOrigin);
            }
            return all;
        }

        private static String tagSetting(String key) {
            return "tag '" + key + "'";
        }

        private void once(String what, @Nullable Object current) {
            if (current != null && !inherited.remove(what)) {
                problems.add(what + " is set twice");
            }
        }
    }
}
