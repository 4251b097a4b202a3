package dev.featurestore.benchmarks;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.spi.WireRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordIdentifier;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordRequest;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordResultDetail;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.ExpirationTimeResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.GetRecordRequest;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.GetRecordResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.PutRecordRequest;

/**
 * What one writes on the official client without the library, and careful of speed: rows are arrays of numbers without
 * boxes, and the place of each feature is looked up by its name. It asks for the expiry and judges it, as the library does.
 * Nothing is checked beyond what parsing checks, the event time stays a text, nothing is repeated, and errors are the
 * client's.
 */
final class HandWritten {
    private final SageMakerFeatureStoreRuntimeClient client;

    private final String group;

    private final String[] names;

    private final FeatureType[] types;

    /** Where the feature is in the array of its type. */
    private final int[] slots;

    private int fractionals;

    private int integrals;

    private int texts;

    private final Map<String, Integer> indexes = new HashMap<>();

    /** @param features those it writes and reads */
    HandWritten(SageMakerFeatureStoreRuntimeClient client, String group, List<Feature<?>> features) {
        this.client = client;
        this.group = group;
        this.names = features.stream().map(Feature::name).toArray(String[]::new);
        this.types = features.stream().map(Feature::type).toArray(FeatureType[]::new);
        this.slots = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            slots[i] = switch (types[i]) {
                case FRACTIONAL -> fractionals++;
                case INTEGRAL -> integrals++;
                case STRING -> texts++;
            };
            indexes.put(names[i], i);
        }
    }

    /** A record's values by type. */
    static final class Row {
        private final double[] fractional;
        private final long[] integral;
        private final @Nullable String[] text;
        private final BitSet present;

        private Row(HandWritten shape) {
            this.fractional = new double[shape.fractionals];
            this.integral = new long[shape.integrals];
            this.text = new @Nullable String[shape.texts];
            this.present = new BitSet(shape.names.length);
        }
    }

    Row row(FeatureRecord record) {
        WireRecord wire = WireRecord.encode(record);
        List<FeatureValue> values = new ArrayList<>();
        for (int n = 0; n < wire.size(); n++) {
            values.add(FeatureValue.builder()
                    .featureName(wire.name(n))
                    .valueAsString(wire.text(n))
                    .build());
        }
        return row(values);
    }

    /** Whether the two hold the same values. */
    boolean isSame(@Nullable Row row, FeatureRecord record) {
        Row other = row(record);
        return row != null
                && Arrays.equals(row.fractional, other.fractional)
                && Arrays.equals(row.integral, other.integral)
                && Arrays.equals(row.text, other.text)
                && row.present.equals(other.present);
    }

    Optional<Row> get(String identifier) {
        GetRecordResponse answer = client.getRecord(GetRecordRequest.builder()
                .featureGroupName(group)
                .recordIdentifierValueAsString(identifier)
                .expirationTimeResponse(ExpirationTimeResponse.ENABLED)
                .build());
        return answer.hasRecord() && isAlive(answer.expiresAt()) ? Optional.of(row(answer.record())) : Optional.empty();
    }

    void put(Row row) {
        List<FeatureValue> values = new ArrayList<>(names.length);
        for (int i = 0; i < names.length; i++) {
            if (row.present.get(i)) {
                values.add(FeatureValue.builder()
                        .featureName(names[i])
                        .valueAsString(text(row, i))
                        .build());
            }
        }
        client.putRecord(PutRecordRequest.builder()
                .featureGroupName(group)
                .record(values)
                .build());
    }

    /** @param selected whether to ask for the features by name; all of the group's otherwise */
    Map<String, Row> getAll(List<String> identifiers, boolean selected) {
        BatchGetRecordIdentifier.Builder identifier =
                BatchGetRecordIdentifier.builder().featureGroupName(group).recordIdentifiersValueAsString(identifiers);
        if (selected) {
            identifier.featureNames(names);
        }
        BatchGetRecordResponse answer = client.batchGetRecord(BatchGetRecordRequest.builder()
                .identifiers(identifier.build())
                .expirationTimeResponse(ExpirationTimeResponse.ENABLED)
                .build());
        if (!answer.errors().isEmpty() || !answer.unprocessedIdentifiers().isEmpty()) {
            throw new IllegalStateException("The batch was answered in part");
        }
        Map<String, Row> found = new HashMap<>();
        for (BatchGetRecordResultDetail detail : answer.records()) {
            if (isAlive(detail.expiresAt())) {
                found.put(detail.recordIdentifierValueAsString(), row(detail.record()));
            }
        }
        return found;
    }

    /** How many numbers a row has. */
    int numbers() {
        return fractionals + integrals;
    }

    /** Copies the numbers of a row in the order of the features; returns where the next row begins. */
    int copyNumbers(Row row, double[] to, int from) {
        int next = from;
        for (int i = 0; i < names.length; i++) {
            switch (types[i]) {
                case FRACTIONAL -> to[next++] = row.present.get(i) ? row.fractional[slots[i]] : Double.NaN;
                case INTEGRAL -> to[next++] = row.present.get(i) ? row.integral[slots[i]] : Double.NaN;
                case STRING -> {
                    // not a number
                }
            }
        }
        return next;
    }

    private String text(Row row, int i) {
        int slot = slots[i];
        return switch (types[i]) {
            case FRACTIONAL -> Double.toString(row.fractional[slot]);
            case INTEGRAL -> Long.toString(row.integral[slot]);
            case STRING -> String.valueOf(row.text[slot]);
        };
    }

    private Row row(List<FeatureValue> values) {
        Row row = new Row(this);
        for (FeatureValue value : values) {
            Integer i = indexes.get(value.featureName());
            if (i == null) {
                continue;
            }
            String text = value.valueAsString();
            switch (types[i]) {
                case FRACTIONAL -> row.fractional[slots[i]] = Double.parseDouble(text);
                case INTEGRAL -> row.integral[slots[i]] = Long.parseLong(text);
                case STRING -> row.text[slots[i]] = text;
            }
            row.present.set(i);
        }
        return row;
    }

    private static boolean isAlive(@Nullable String expiresAt) {
        return expiresAt == null || Instant.now().isBefore(Instant.parse(expiresAt));
    }
}
