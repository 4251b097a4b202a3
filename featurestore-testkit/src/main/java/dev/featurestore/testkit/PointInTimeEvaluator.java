package dev.featurestore.testkit;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.FeatureValues;
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
        if (!(set.spine().source() instanceof Spine.Rows spine)) {
            throw new UnsupportedCapabilityException(
                    "A training set in plain Java needs a spine of rows in memory; run " + set
                            + " on a LocalOfflineStore");
        }
        PointInTimeEvaluator evaluator = new PointInTimeEvaluator(set, history);
        List<TrainingRow> rows = new ArrayList<>();
        for (SpineRow label : spine.rows()) {
            boolean inRange = set.from()
                            .map(from -> !label.time().isBefore(from))
                            .orElse(true)
                    && set.until().map(until -> label.time().isBefore(until)).orElse(true);
            if (inRange) {
                rows.add(evaluator.row(label));
            }
        }
        return rows;
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
        List<TrainingRow> happened = evaluate(set.with(PointInTime.eventTime()), history);
        List<TrainingRow> served = evaluate(set.with(set.pointInTime().orAsServed()), history);
        List<ModeDifference> differences = new ArrayList<>();
        for (int i = 0; i < happened.size(); i++) {
            Map<String, List<String>> columns = differing(set, happened.get(i), served.get(i));
            if (!columns.isEmpty()) {
                differences.add(new ModeDifference(happened.get(i).spine(), columns));
            }
        }
        return differences;
    }

    private static Map<String, List<String>> differing(TrainingSet set, TrainingRow one, TrainingRow other) {
        Map<String, List<String>> differing = new LinkedHashMap<>();
        List<GroupSelection> selections = set.view().selections();
        for (int s = 0; s < selections.size(); s++) {
            List<String> columns = selections.get(s).columns().stream()
                    .map(GroupSelection.Column::name)
                    .filter(column -> !isSame(
                            one.vector().values(),
                            other.vector().values(),
                            set.view().columns().find(column)))
                    .toList();
            boolean sameRow = Objects.equals(
                    one.audits().get(s).eventTime(), other.audits().get(s).eventTime());
            if (!columns.isEmpty() || !sameRow) {
                differing.put(selections.get(s).name(), columns);
            }
        }
        return differing;
    }

    /** As engines compare: texts as they are stored, and the two zeros of a double as one number. */
    private static boolean isSame(FeatureValues one, FeatureValues other, int i) {
        if (!one.isPresent(i) || !other.isPresent(i)) {
            return one.isPresent(i) == other.isPresent(i);
        }
        return one.columns().feature(i).type() == FeatureType.FRACTIONAL
                ? one.toDouble(i) == other.toDouble(i)
                : one.text(i).equals(other.text(i));
    }

    private TrainingRow row(SpineRow label) {
        FeatureVector.Builder builder = set.view().newVector(label.time());
        List<GroupSelection> selections = set.view().selections();
        List<Optional<Candidate>> latest = new ArrayList<>();
        for (int s = 0; s < selections.size(); s++) {
            Optional<Candidate> row = latest(selections.get(s), label).filter(Candidate::isLive);
            if (row.isPresent()) {
                // the group's own time to live: the offline store does not have the record's
                builder.latest(s, row.get().record(), null);
            } else {
                builder.absent(s);
            }
            latest.add(row);
        }
        FeatureVector vector = builder.build();
        List<RowAudit> audits = new ArrayList<>();
        for (int s = 0; s < selections.size(); s++) {
            boolean isUsed = vector.groups().get(s).status() == GroupResult.Status.FOUND;
            audits.add(latest.get(s)
                    .filter(row -> isUsed)
                    .map(row -> audit(row, label.time()))
                    .orElse(RowAudit.NO_ROW));
        }
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        for (String column : set.spineColumns()) {
            if (!column.equals(set.spine().timeColumn())) {
                kept.put(column, label.get(column));
            }
        }
        return new TrainingRow(SpineRow.of(label.time(), kept), vector, audits);
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
