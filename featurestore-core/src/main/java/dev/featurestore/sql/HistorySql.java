package dev.featurestore.sql;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.Provenance;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One selection's part of the point-in-time rule: what its group's rows say, and which of them count. */
final class HistorySql {
    private final SqlGrammar grammar;

    private final TrainingSet set;

    private final int s;

    private final GroupSelection selection;

    private final FeatureGroup<?> group;

    /** The history of selection s. */
    HistorySql(SqlGrammar grammar, TrainingSet set, int s) {
        this.grammar = grammar;
        this.set = set;
        this.s = s;
        this.selection = set.view().selections().get(s);
        this.group = selection.group();
    }

    /** Of each selection of a set. */
    static List<HistorySql> of(SqlGrammar grammar, TrainingSet set) {
        return IntStream.range(0, set.view().selections().size())
                .mapToObj(s -> new HistorySql(grammar, set, s))
                .toList();
    }

    /** The column of the labels that the identifier is to equal. */
    String key() {
        return new SpineSql(grammar, set).key(s);
    }

    boolean asServed() {
        return set.pointInTime().mode() == PointInTime.Mode.AS_SERVED;
    }

    FeatureGroup<?> group() {
        return group;
    }

    /** How long after its time of arrival a row may have come in truth. */
    Duration arrivalUnit() {
        return set.pointInTime().arrivalUnit();
    }

    List<GroupSelection.Column> selected() {
        return selection.columns();
    }

    boolean isAudited() {
        return !set.audit().isEmpty();
    }

    /** How many columns the selection takes. */
    int features() {
        return selection.columns().size();
    }

    /** Whether rows bring their own time of arrival, so that the service's does not tell their order. */
    boolean isStamped() {
        return group.provenance().arrivalTime() != null;
    }

    /** Whether the time of arrival orders rows or is asked for. */
    boolean hasArrival() {
        return asServed() || isStamped() || set.audit().contains(AuditColumn.ARRIVAL_TIME);
    }

    /**
     * What a row says: {@code id}, its event time {@code k}, {@code live}, its arrival {@code a} if it has one, {@code
     * api} and {@code written}, then the selected features as {@code f0} and on.
     */
    List<String> columns() {
        return columns(eventTime(), arrivedBy());
    }

    /** The same with other expressions for {@code k} and {@code a}. */
    List<String> columns(String eventTime, String arrival) {
        List<String> columns = new ArrayList<>();
        columns.add(identifier() + " AS id");
        columns.add(eventTime + " AS k");
        columns.add(live() + " AS live");
        if (hasArrival()) {
            columns.add(arrival + " AS a");
        }
        columns.add("api_invocation_time AS api");
        columns.add("write_time AS written");
        for (int c = 0; c < features(); c++) {
            columns.add(grammar.identifier(selection.columns().get(c).feature().name()) + " AS f" + c);
        }
        return columns;
    }

    String identifier() {
        Feature<?> identifier = group.recordIdentifier();
        return "CAST(" + grammar.identifier(identifier.name()) + " AS " + grammar.type(identifier.type()) + ")";
    }

    String eventTime() {
        String column = storedEventTime();
        return isText() ? grammar.isoTime(column, eventTimeName()) : grammar.secondsTime(column);
    }

    /** The column of the event time. */
    String storedEventTime() {
        return grammar.identifier(group.eventTime().name());
    }

    /** What orders such a column. */
    String eventKeyOf(String column) {
        return isText() ? grammar.isoKey(column, eventTimeName()) : grammar.secondsTime(column);
    }

    /** The time that has such a key. */
    String eventTimeOfKey(String key) {
        return isText() ? grammar.timeOfKey(key) : key;
    }

    private boolean isText() {
        return group.eventTime().type() == FeatureType.STRING;
    }

    private String eventTimeName() {
        return "The event time of feature group '" + group.name() + "'";
    }

    static String live() {
        return "NOT coalesce(is_deleted, false)";
    }

    /**
     * When a row had arrived for certain: as our writer stamped it, but not before the service says; without a stamp, when
     * the service's whole unit was over. Null where neither is known.
     */
    String arrivedBy() {
        String service = grammar.arrivalAfter(set.pointInTime().arrivalUnit());
        Feature<Instant> stamp = group.provenance().arrivalTime();
        return stamp == null
                ? service
                : "greatest(" + grammar.arrival() + ", coalesce("
                        + grammar.isoTime(
                                grammar.identifier(stamp.name()),
                                "The arrival time of feature group '" + group.name() + "'")
                        + ", " + service + "))";
    }

    /**
     * Conditions that let a query pass over the hours of a projected table that no label can see; empty where the service's
     * own table is as good.
     */
    Optional<List<String>> hours(ProjectedTable table) {
        return new HistoryBounds(grammar, set, selection).hours(table);
    }

    /** Leaves out declared backfills. */
    String served() {
        return where(servedConditions());
    }

    /** Leaves out declared backfills, and what is too old or too new for all labels. */
    String servedWithinBounds() {
        return servedWithinBounds(List.of());
    }

    /** The same, with more conditions in front. */
    String servedWithinBounds(List<String> more) {
        List<String> conditions = new ArrayList<>(more);
        conditions.addAll(servedConditions());
        conditions.addAll(new HistoryBounds(grammar, set, selection).conditions());
        return where(conditions);
    }

    private static String where(List<String> conditions) {
        return conditions.isEmpty() ? "" : "\n  WHERE " + String.join(" AND ", conditions);
    }

    /** Rows without an origin come from other writers, and count as served. */
    private List<String> servedConditions() {
        Feature<String> origin = group.provenance().writeOrigin();
        return !asServed() || origin == null
                ? List.of()
                : List.of("coalesce(" + grammar.identifier(origin.name()) + ", " + grammar.literal(Provenance.LIVE)
                        + ") = " + grammar.literal(Provenance.LIVE));
    }

    /** Whether a row can be too old. */
    boolean hasAge() {
        return selection.maxAge().isPresent() || selection.ttl().isPresent();
    }

    /** Conditions on the age of a row, each with an AND before it. */
    String age(String labelTime, String eventTime) {
        StringBuilder bounds = new StringBuilder();
        selection
                .maxAge()
                .ifPresent(age -> bounds.append(" AND ").append(grammar.isWithin(labelTime, eventTime, "<=", age)));
        selection
                .ttl()
                .ifPresent(ttl ->
                        bounds.append(" AND ").append(grammar.isWithin(labelTime, eventTime, "<", ttl.toDuration())));
        return bounds.toString();
    }
}
