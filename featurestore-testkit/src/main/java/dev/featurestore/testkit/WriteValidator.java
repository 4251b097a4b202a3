package dev.featurestore.testkit;

import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.CollectionCodec;
import dev.featurestore.schema.CollectionType;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.spi.WireRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the service checks of a request to one group. It knows the three stored types and nothing of codecs: a text that is a
 * number to it may still be none to a boolean's codec.
 */
final class WriteValidator {
    private static final int MAX_RECORD_BYTES = 350 * 1024;

    private static final int MAX_IDENTIFIER_BYTES = 2048;

    private static final Pattern NON_FINITE = Pattern.compile("[+-]?(NaN|Infinity)");

    private static final FeatureCodec<Long> INTEGRAL = Feature.integral("any").codec();

    private static final FeatureCodec<Double> FRACTIONAL =
            Feature.fractional("any").codec();

    /** Reads any precision, and refuses all but UTC. */
    private static final FeatureCodec<Instant> ISO_8601 =
            Feature.eventTime("any").codec();

    /** The years 0000 to 9999. */
    private static final BigDecimal MIN_SECONDS =
            BigDecimal.valueOf(Instant.parse("0000-01-01T00:00:00Z").getEpochSecond());

    private static final BigDecimal END_SECONDS =
            BigDecimal.valueOf(Instant.parse("9999-12-31T23:59:59Z").getEpochSecond() + 1);

    private static final int WHOLE_SECONDS = "2025-01-31T23:59:59Z".length();

    private final FeatureGroup<?> group;

    private final ServiceBehaviour behaviour;

    WriteValidator(FeatureGroup<?> group, ServiceBehaviour behaviour) {
        this.group = group;
        this.behaviour = behaviour;
    }

    /** The identifier of a record, all of whose features are checked. */
    String check(WireRecord record) {
        Set<String> seen = new HashSet<>();
        long bytes = 0;
        for (int n = 0; n < record.size(); n++) {
            String name = record.name(n);
            int column = group.columns().find(name);
            if (column < 0) {
                throw refused("The feature named [" + name + "] is not in the feature group");
            }
            if (!seen.add(name)) {
                throw refused("The feature named [" + name + "] is there more than once");
            }
            bytes += utf8(name) + checkValue(group.columns().feature(column), record.text(n), record.texts(n));
        }
        if (bytes > MAX_RECORD_BYTES) {
            throw refused("The record has " + bytes + " bytes, at most " + MAX_RECORD_BYTES + " are allowed");
        }
        if (record.text(group.eventTime().name()) == null) {
            throw refused("The event time feature named [" + group.eventTime().name() + "] is missing");
        }
        String identifier = record.text(group.recordIdentifier().name());
        if (identifier == null) {
            throw refused("The record identifier feature named ["
                    + group.recordIdentifier().name() + "] is missing");
        }
        return checkIdentifier(identifier);
    }

    String checkIdentifier(String identifier) {
        if (identifier.isEmpty() || utf8(identifier) > MAX_IDENTIFIER_BYTES) {
            throw refused(
                    "The record identifier has " + utf8(identifier) + " bytes, expected 1 to " + MAX_IDENTIFIER_BYTES);
        }
        return identifier;
    }

    /** The names that a read asks for, refused or passed over where the group does not have them; empty for all. */
    List<String> selectable(List<String> features) {
        for (String name : features) {
            if (group.columns().find(name) < 0
                    && behaviour.unknownFeatureInRead() == ServiceBehaviour.UnknownFeature.ERROR) {
                throw refused("The feature named [" + name + "] is not in the feature group");
            }
        }
        return features;
    }

    /** The instant of an event time, to the nanosecond. */
    Instant eventTime(String text) {
        try {
            return group.eventTime().type() == FeatureType.STRING ? isoTime(text) : epochSeconds(text);
        } catch (IllegalArgumentException e) {
            throw refused("The event time feature named [" + group.eventTime().name() + "]: " + e.getMessage());
        }
    }

    private Instant isoTime(String text) {
        Instant time = ISO_8601.decode(text);
        int digits = text.length() == WHOLE_SECONDS ? 0 : text.length() - WHOLE_SECONDS - 1;
        if (behaviour.eventTimeDigits() == ServiceBehaviour.EventTimeDigits.STRICT
                && digits != 0
                && digits != 3
                && digits != 9) {
            throw new IllegalArgumentException("expected 0, 3 or 9 fraction digits, got " + digits);
        }
        return time;
    }

    private static Instant epochSeconds(String text) {
        FRACTIONAL.decode(text);
        BigDecimal seconds = new BigDecimal(text);
        if (seconds.compareTo(MIN_SECONDS) < 0 || seconds.compareTo(END_SECONDS) >= 0) {
            throw new IllegalArgumentException("expected epoch seconds between the years 0000 and 9999");
        }
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Instant.ofEpochSecond(
                whole.longValueExact(),
                seconds.subtract(whole)
                        .movePointRight(9)
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact());
    }

    /** The text of an event time that the service itself makes: in the group's own form, or in a finer one. */
    String eventTimeText(Instant time) {
        try {
            return group.eventTime().codec().encode(time);
        } catch (IllegalArgumentException e) {
            return group.eventTime().type() == FeatureType.STRING
                    ? ISO_8601.encode(time)
                    : BigDecimal.valueOf(time.getEpochSecond())
                            .add(BigDecimal.valueOf(time.getNano(), 9))
                            .toPlainString();
        }
    }

    /** The record as the service keeps it: in the order of the definition, each element of a set once. */
    WireRecord stored(WireRecord record) {
        int[] positions = new int[group.columns().size()];
        Arrays.fill(positions, -1);
        for (int n = 0; n < record.size(); n++) {
            positions[group.columns().find(record.name(n))] = n;
        }
        String[] names = new String[record.size()];
        Object[] values = new Object[record.size()];
        int next = 0;
        for (int column = 0; column < positions.length; column++) {
            if (positions[column] >= 0) {
                names[next] = group.columns().name(column);
                values[next++] = value(
                        group.columns().feature(column),
                        record.text(positions[column]),
                        record.texts(positions[column]));
            }
        }
        return WireRecord.of(names, values);
    }

    private static Object value(Feature<?> feature, @Nullable String text, @Nullable List<String> texts) {
        if (texts == null) {
            return Objects.requireNonNull(text, "text");
        }
        boolean isSet = feature.collection()
                .map(collection -> collection.collectionType() == CollectionType.SET)
                .orElse(false);
        return isSet ? List.copyOf(new LinkedHashSet<>(texts)) : List.copyOf(texts);
    }

    private long checkValue(Feature<?> feature, @Nullable String text, @Nullable List<String> texts) {
        CollectionCodec<?> collection = feature.collection().orElse(null);
        if (collection == null) {
            if (text == null) {
                throw refused("The feature named [" + feature.name() + "] is a scalar, got a list");
            }
            return checkScalar(feature, text);
        }
        if (texts == null) {
            throw refused("The feature named [" + feature.name() + "] is a collection, got a scalar");
        }
        if (collection.collectionType() == CollectionType.VECTOR && texts.size() != collection.dimension()) {
            throw refused("The feature named [" + feature.name() + "] is a vector of " + collection.dimension()
                    + " elements, got " + texts.size());
        }
        return texts.stream()
                .mapToLong(element -> checkScalar(feature, element))
                .sum();
    }

    private long checkScalar(Feature<?> feature, String text) {
        long bytes = utf8(text);
        if (bytes > MAX_RECORD_BYTES) {
            throw refused("The feature named [" + feature.name() + "] has " + bytes + " bytes, at most "
                    + MAX_RECORD_BYTES + " are allowed");
        }
        try {
            switch (feature.type()) {
                case INTEGRAL -> INTEGRAL.decode(text);
                case FRACTIONAL -> checkFractional(text);
                case STRING -> {
                    // any text will do
                }
            }
        } catch (IllegalArgumentException e) {
            throw refused("Attempted to parse the feature value for the feature named [" + feature.name()
                    + "] into a FeatureValue of type " + feature.type().wireName() + ": " + e.getMessage());
        }
        return bytes;
    }

    private void checkFractional(String text) {
        if (behaviour.nonFiniteNumbers() == ServiceBehaviour.NonFiniteNumbers.ACCEPTED
                && NON_FINITE.matcher(text).matches()) {
            return;
        }
        FRACTIONAL.decode(text);
    }

    private InvalidRequestException refused(String why) {
        return new InvalidRequestException(
                "Feature group '" + group.name() + "' refuses the request: " + why, group.name(), null, null);
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
