package dev.featurestore.testkit;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.Provenance;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.ModeDifference;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.RowAudit;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.GroupResult;
import dev.featurestore.view.GroupSelection;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The executable definition of a training set: which row of a group's history belongs to a label. Written to be read and
 * checked, not to be fast; every engine must give the same rows.
 */
public final class PointInTimeEvaluator {
    /** The latest row is the greatest: by event time, then live before deleted, then arrival, then write time. */
    private static final Comparator<Candidate> LATEST = Comparator.comparing(Candidate::eventTime)
            .thenComparing(Candidate::isLive)
            .thenComparing(Candidate::arrivedBy)
            .thenComparing(candidate -> candidate.row().apiInvocationTime())
            .thenComparing(candidate -> candidate.row().writeTime());

    private final TrainingSet set;

    /** By group and identifier. */
    private final Map<String, Map<String, List<OfflineRow>>> histories = new LinkedHashMap<>();

    /** Decoded when first asked for: a row that cannot be read concerns its own identifier only. */
    private final Map<RecordKey, List<Candidate>> candidates = new HashMap<>();

    private PointInTimeEvaluator(TrainingSet set, Function<FeatureGroup<?>, List<OfflineRow>> history) {
        this.set = set;
        for (GroupSelection selection : set.view().selections()) {
            FeatureGroup<?> group = selection.group();
            histories.computeIfAbsent(
                    group.name(),
                    name -> history.apply(group).stream()
                            .collect(Collectors.groupingBy(row -> identifierOf(group, row))));
        }
    }

    private static String identifierOf(FeatureGroup<?> group, OfflineRow row) {
        String text = String.valueOf(row.record().text(group.recordIdentifier().name()));
        try {
            return canonical(group.recordIdentifier(), text);
        } catch (RuntimeException e) {
            // no label can name it
            return text;
        }
    }

    /** The one text of an identifier that other writers may spell otherwise. */
    private static <T> String canonical(Feature<T> identifier, String text) {
        return identifier.codec().encode(identifier.codec().decode(text));
    }

    /**
     * The rows of a training set, in the order of its spine.
     *
     * @param history of each group every row that can be queried, in any order
     * @throws UnsupportedCapabilityException if the spine is not rows in memory
     */
    public static List<TrainingRow> evaluate(TrainingSet set, Function<FeatureGroup<?>, List<OfflineRow>> history) {
        List<SpineRow> labels = labels(set);
        PointInTimeEvaluator evaluator = new PointInTimeEvaluator(set, history);
        return labels.stream().map(evaluator::row).toList();
    }

    private static List<SpineRow> labels(TrainingSet set) {
        if (!(set.spine().source() instanceof Spine.Rows spine)) {
            throw new UnsupportedCapabilityException(
                    "A training set in plain Java needs a spine of rows in memory; run " + set
                            + " on a LocalOfflineStore");
        }
        return spine.rows().stream()
                .filter(label ->
                        set.from().map(from -> !label.time().isBefore(from)).orElse(true)
                                && set.until()
                                        .map(until -> label.time().isBefore(until))
                                        .orElse(true))
                .toList();
    }

    /**
     * The labels whose rows differ between the modes, in the order of the spine; the arrival unit is that of the set's rule if
     * it is one of what was served.
     *
     * @param history of each group every row that can be queried, in any order
     * @throws UnsupportedCapabilityException if the spine is not rows in memory
     */
    public static List<ModeDifference> compareModes(
            TrainingSet set, Function<FeatureGroup<?>, List<OfflineRow>> history) {
        List<SpineRow> labels = labels(set);
        PointInTimeEvaluator happened = new PointInTimeEvaluator(set.withPointInTime(PointInTime.eventTime()), history);
        PointInTimeEvaluator served = new PointInTimeEvaluator(
                set.withPointInTime(set.pointInTime().inMode(PointInTime.Mode.AS_SERVED)), history);
        List<ModeDifference> differences = new ArrayList<>();
        for (SpineRow label : labels) {
            TrainingRow row = happened.row(label);
            Map<String, List<String>> columns = new LinkedHashMap<>();
            for (GroupSelection selection : set.view().selections()) {
                Candidate one = happened.used(selection, label).orElse(null);
                Candidate other = served.used(selection, label).orElse(null);
                List<String> differing = selection.columns().stream()
                        .filter(column -> !isSame(one, other, column.feature()))
                        .map(GroupSelection.Column::name)
                        .toList();
                if (!differing.isEmpty() || !Objects.equals(eventTime(one), eventTime(other))) {
                    columns.put(selection.name(), differing);
                }
            }
            if (!columns.isEmpty()) {
                differences.add(new ModeDifference(row.spine(), columns));
            }
        }
        return differences;
    }

    /** As engines compare: texts as they are stored, numbers as numbers. */
    private static boolean isSame(@Nullable Candidate one, @Nullable Candidate other, Feature<?> feature) {
        String left = stored(one, feature);
        String right = stored(other, feature);
        if (left == null || right == null || feature.type() == FeatureType.STRING) {
            return Objects.equals(left, right);
        }
        return new BigDecimal(left).compareTo(new BigDecimal(right)) == 0;
    }

    private static @Nullable String stored(@Nullable Candidate used, Feature<?> feature) {
        String text = used == null ? null : used.row().record().text(feature.name());
        return text == null ? feature.defaultText().orElse(null) : text;
    }

    private static @Nullable Instant eventTime(@Nullable Candidate used) {
        return used == null ? null : used.eventTime();
    }

    /** The row that a label has, if any. */
    private Optional<Candidate> used(GroupSelection selection, SpineRow label) {
        return latest(selection, label)
                .filter(Candidate::isLive)
                .filter(row -> selection.statusAt(row.eventTime(), null, label.time()) == GroupResult.Status.FOUND);
    }

    private TrainingRow row(SpineRow label) {
        FeatureVector.Builder builder = FeatureVector.builder(set.view(), label.time());
        List<GroupSelection> selections = set.view().selections();
        List<RowAudit> audits = new ArrayList<>();
        for (int s = 0; s < selections.size(); s++) {
            Optional<Candidate> row = latest(selections.get(s), label).filter(Candidate::isLive);
            if (row.isPresent()) {
                // the group's own time to live: the offline store does not have the record's
                builder.latest(s, row.get().record(), null);
            } else {
                builder.absent(s);
            }
            audits.add(used(selections.get(s), label)
                    .map(used -> audit(used, label.time()))
                    .orElse(RowAudit.NO_ROW));
        }
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        for (String column : set.spineColumns()) {
            if (!column.equals(set.spine().timeColumn())) {
                kept.put(column, label.get(column));
            }
        }
        return new TrainingRow(SpineRow.of(label.time(), kept), builder.build(), audits);
    }

    private RowAudit audit(Candidate row, Instant labelTime) {
        Duration age = Duration.between(row.eventTime(), labelTime);
        BigDecimal nanos = BigDecimal.valueOf(age.getSeconds(), -9).add(BigDecimal.valueOf(age.getNano()));
        return new RowAudit(
                row.eventTime(),
                set.audit().contains(AuditColumn.ARRIVAL_TIME) ? row.arrivedBy() : null,
                set.audit().contains(AuditColumn.AGE) ? nanos.doubleValue() / 1e9 : null);
    }

    private Optional<Candidate> latest(GroupSelection selection, SpineRow label) {
        Object key = label.get(selection.joinKey());
        if (key == null) {
            return Optional.empty();
        }
        FeatureGroup<?> group = selection.group();
        RecordKey record = new RecordKey(group.name(), identifierOf(selection, key));
        return candidates.computeIfAbsent(record, any -> decoded(group, any.identifier())).stream()
                .filter(candidate -> candidate.isKnownAt(label.time()))
                .max(LATEST);
    }

    private List<Candidate> decoded(FeatureGroup<?> group, String identifier) {
        return Objects.requireNonNull(histories.get(group.name())).getOrDefault(identifier, List.of()).stream()
                .map(row -> new Candidate(row, row.record().decode(group), set.pointInTime()))
                .toList();
    }

    /** A spine holds identifiers as their stored text or number, as an engine's table does. */
    private static String identifierOf(GroupSelection selection, Object key) {
        try {
            return canonical(selection.group().recordIdentifier(), key.toString());
        } catch (RuntimeException e) {
            throw new RecordMappingException("The spine's key '" + selection.joinKey() + "' holds a "
                    + key.getClass().getSimpleName() + " that is no identifier of feature group '"
                    + selection.group().name() + "'");
        }
    }

    /** A row of the history, decoded. */
    private record Candidate(OfflineRow row, FeatureRecord record, PointInTime rule) {
        Instant eventTime() {
            return record.eventTime();
        }

        boolean isLive() {
            return !row.deleted();
        }

        boolean isKnownAt(Instant labelTime) {
            return switch (rule.mode()) {
                case EVENT_TIME -> !eventTime().isAfter(labelTime);
                case AS_SERVED -> wasServed() && !arrivedBy().isAfter(labelTime);
            };
        }

        /**
         * When the row had arrived for certain: as our writer stamped it, but not before the service says; without a stamp,
         * when the service's whole unit was over.
         */
        Instant arrivedBy() {
            Instant service = row.apiInvocationTime();
            return Optional.ofNullable(record.group().provenance().arrivalTime())
                    .flatMap(record::find)
                    .map(stamp -> stamp.isAfter(service) ? stamp : service)
                    .orElseGet(() -> service.plus(rule.arrivalUnit()));
        }

        /** Rows without an origin come from other writers, and count as served. */
        private boolean wasServed() {
            Feature<String> origin = record.group().provenance().writeOrigin();
            return Optional.ofNullable(origin)
                    .flatMap(record::find)
                    .map(Provenance.LIVE::equals)
                    .orElse(true);
        }
    }
}
