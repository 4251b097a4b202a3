package dev.featurestore.view;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.Provenance;
import dev.featurestore.schema.Ttl;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One group's part of a view: which key finds its record, which features it gives under which names, and how old it may be. */
public final class GroupSelection implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One column of the view: a feature, with its default, under a name. */
    public record Column(String name, Feature<?> feature) implements Serializable {}

    private final String name;

    private final FeatureGroup<?> group;

    private final String joinKey;

    @SuppressWarnings("serial") // a list of serializable values
    private final List<Column> columns;

    private final @Nullable Duration maxAge;

    private final @Nullable Duration maxStaleness;

    private GroupSelection(Builder builder, String joinKey) {
        this.name = builder.name;
        this.group = builder.group;
        this.joinKey = joinKey;
        this.columns = List.copyOf(builder.columns);
        this.maxAge = builder.maxAge;
        this.maxStaleness = builder.maxStaleness;
    }

    /** The selection's name in its view; the group's name unless set. */
    public String name() {
        return name;
    }

    /** The group. */
    public FeatureGroup<?> group() {
        return group;
    }

    /** The request key, and spine column, whose value is the group's record identifier. */
    public String joinKey() {
        return joinKey;
    }

    /** The columns in the order of the view. */
    public List<Column> columns() {
        return columns;
    }

    /** How old a record may be, to the nanosecond and inclusive; empty if any age will do. */
    public Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    /**
     * How long before a fetch a record may have been read that the fetch is given, inclusive; empty if each fetch reads anew.
     * Training does not know it: its rows are as of the label's time.
     */
    public Optional<Duration> maxStaleness() {
        return Optional.ofNullable(maxStaleness);
    }

    /** The group's time to live, which bounds the age of what is served even without a maximum age. */
    public Optional<Ttl> ttl() {
        return group.onlineStore().flatMap(OnlineStoreSettings::ttl);
    }

    /**
     * The age rule, the same in serving and in training: whether a record may be used at a time.
     *
     * @param eventTime the record's event time; later than {@code at} is allowed, since a store serves such records too
     * @param expiresAt when the store says the record expires; null to count the group's own time to live
     * @param at the time of the fetch or of the label
     * @return {@code EXPIRED}, else {@code TOO_OLD}, else {@code FOUND}
     */
    public GroupResult.Status statusAt(Instant eventTime, @Nullable Instant expiresAt, Instant at) {
        Instant expiry = expiresAt != null
                ? exactly(expiresAt, eventTime)
                : ttl().map(ttl -> ttl.expiresAt(eventTime)).orElse(null);
        if (expiry != null && !at.isBefore(expiry)) {
            return GroupResult.Status.EXPIRED;
        }
        if (maxAge != null
                && eventTime.isBefore(at)
                && Duration.between(eventTime, at).compareTo(maxAge) > 0) {
            return GroupResult.Status.TOO_OLD;
        }
        return GroupResult.Status.FOUND;
    }

    /** A time to live is whole seconds long: of an expiry that is told in whole seconds the rest is that of the event time. */
    private static Instant exactly(Instant expiresAt, Instant eventTime) {
        return expiresAt.equals(expiresAt.truncatedTo(ChronoUnit.SECONDS))
                ? expiresAt.plus(Duration.between(eventTime.truncatedTo(ChronoUnit.SECONDS), eventTime))
                : expiresAt;
    }

    /** Such as {@code cards by card_id (12 columns)}. */
    @Override
    public String toString() {
        return name + " by " + joinKey + " (" + columns.size() + " columns)";
    }

    /** Collects a selection; what does not fit is reported when the view is built. */
    public static final class Builder {
        private final FeatureGroup<?> group;
        private final List<Column> columns = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private String name;
        private String prefix = "";
        private @Nullable String joinKey;
        private @Nullable Duration maxAge;
        private @Nullable Duration maxStaleness;

        Builder(FeatureGroup<?> group) {
            this.group = group;
            this.name = group.name();
        }

        /** Names the selection, where one view takes a group twice, such as {@code sender} and {@code receiver}. */
        public Builder named(String selectionName) {
            this.name = Objects.requireNonNull(selectionName, "selectionName");
            return this;
        }

        /** The request key, and spine column, whose value is the group's record identifier. Required. */
        public Builder key(String key) {
            once("key", joinKey);
            this.joinKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /** Begins the names of all columns added after this call with a text. */
        public Builder prefix(String text) {
            this.prefix = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Adds features in this order, under their own names. A default of the constant given here is the one used. */
        public Builder features(Feature<?>... features) {
            for (Feature<?> feature : features) {
                feature(feature, feature.name());
            }
            return this;
        }

        /** Adds a feature under another name. */
        public Builder feature(Feature<?> feature, String alias) {
            Objects.requireNonNull(alias, "alias");
            try {
                group.columns().indexOf(feature);
                columns.add(new Column(prefix + alias, feature));
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
            return this;
        }

        /** Adds all features of the group in its order, but for the identifier, the event time and provenance. */
        public Builder allFeatures() {
            Provenance provenance = group.provenance();
            for (Feature<?> feature : group.features()) {
                boolean isKey = feature.equals(group.recordIdentifier()) || feature.equals(group.eventTime());
                boolean isStamp = feature.equals(provenance.arrivalTime()) || feature.equals(provenance.writeOrigin());
                if (!isKey && !isStamp) {
                    feature(feature, feature.name());
                }
            }
            return this;
        }

        /**
         * A record older than this is not used: its result is {@link GroupResult.Status#TOO_OLD}, and its columns are given their
         * defaults. Counted from its event time; positive.
         */
        public Builder maxAge(Duration age) {
            once("maxAge", maxAge);
            this.maxAge = Objects.requireNonNull(age, "age");
            return this;
        }

        /**
         * Lets a fetch be given a record, or the lack of one, that was read up to this long before: from a cache, or from a
         * request of another fetch that is under way. For groups that change slowly, such as statistics of a merchant. Its age
         * and its time to live are judged at the time of the fetch all the same. Positive.
         */
        public Builder maxStaleness(Duration staleness) {
            once("maxStaleness", maxStaleness);
            this.maxStaleness = Objects.requireNonNull(staleness, "staleness");
            return this;
        }

        private void once(String what, @Nullable Object current) {
            if (current != null) {
                problems.add(what + " is set twice");
            }
        }

        GroupSelection build(List<String> found) {
            for (String problem : problems) {
                found.add("selection '" + name + "': " + problem);
            }
            String key = joinKey;
            if (key == null || key.isBlank()) {
                found.add("selection '" + name + "' has no key: call key(name)");
                key = "";
            }
            if (columns.isEmpty() && problems.isEmpty()) {
                found.add("selection '" + name + "' has no features: call features or allFeatures");
            }
            requirePositive("age", maxAge, found);
            requirePositive("staleness", maxStaleness, found);
            return new GroupSelection(this, key);
        }

        private void requirePositive(String what, @Nullable Duration limit, List<String> found) {
            if (limit != null && (limit.isNegative() || limit.isZero())) {
                found.add("selection '" + name + "' has a maximum " + what + " of " + limit
                        + ", expected a positive one");
            }
        }
    }
}
