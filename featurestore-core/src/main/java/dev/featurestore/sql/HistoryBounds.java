package dev.featurestore.sql;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.Ttl;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Between which times the rows lie that any label can use, as literals on the columns as they are stored, so that engines pass
 * over files by their statistics. They let in more than the rule does, to the second, and never less.
 *
 * <p>Below, only a limit of age bounds a history: without one the last row of an identifier may be as old as the group.
 * Above, the last label does: the event time in {@code EVENT_TIME}, the arrival in {@code AS_SERVED}, where a row ahead of the
 * clock may have been served.
 */
final class HistoryBounds {
    /** Far ahead of all arrivals, and a timestamp on every engine. */
    private static final Instant LAST_ARRIVAL = Instant.parse("9000-01-01T00:00:00Z");

    private final SqlGrammar grammar;

    private final TrainingSet set;

    private final GroupSelection selection;

    HistoryBounds(SqlGrammar grammar, TrainingSet set, GroupSelection selection) {
        this.grammar = grammar;
        this.set = set;
        this.selection = selection;
    }

    /**
     * Conditions that let a query pass over the hours of a projected table that no label can see; empty where the hours have
     * no end, so that the service's own table is as good.
     */
    Optional<List<String>> hours(ProjectedTable table) {
        Instant oldest = oldest().filter(time -> time.isAfter(table.start())).orElse(table.start());
        return newest(table)
                .filter(newest -> !table.endsBefore(newest) && !newest.isBefore(oldest))
                .map(newest -> new HourBounds(oldest, newest).conditions());
    }

    /** What was served had arrived by the last label. */
    private Optional<Instant> newest(ProjectedTable table) {
        return asServed()
                ? lastLabel().flatMap(label -> table.ahead().map(label::plus)).filter(HistoryBounds::isWritable)
                : newest();
    }

    /** Conditions that rows must meet; none where nothing is known of the labels. */
    List<String> conditions() {
        List<String> conditions = new ArrayList<>();
        oldest().ifPresent(time -> conditions.add(column() + " >= " + atOrBefore(time)));
        newest().ifPresent(time -> conditions.add(column() + " <= " + atOrAfter(time)));
        lastArrival().ifPresent(time -> conditions.add(arrivedAtOrBefore(time)));
        return conditions;
    }

    private Optional<Instant> oldest() {
        Optional<Duration> age = Stream.concat(
                        selection.maxAge().stream(), selection.ttl().map(Ttl::toDuration).stream())
                .min(Comparator.naturalOrder());
        return firstLabel().flatMap(label -> age.flatMap(limit -> before(label, limit)));
    }

    /** Empty where no event time can be older. A number may have been rounded up to its microsecond. */
    private Optional<Instant> before(Instant label, Duration age) {
        try {
            Instant time = label.minus(age);
            return Optional.of(isText() ? time : time.minusSeconds(1)).filter(HistoryBounds::isWritable);
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private Optional<Instant> newest() {
        return asServed() ? Optional.empty() : lastLabel().filter(HistoryBounds::isWritable);
    }

    private boolean asServed() {
        return set.pointInTime().mode() == PointInTime.Mode.AS_SERVED;
    }

    /** No row counts before the service says that it arrived. */
    private Optional<Instant> lastArrival() {
        return set.pointInTime().mode() == PointInTime.Mode.AS_SERVED
                ? lastLabel().filter(time -> !time.isBefore(Instant.EPOCH) && time.isBefore(LAST_ARRIVAL))
                : Optional.empty();
    }

    /** A stamp may tell the arrival of a row where the service does not. */
    private String arrivedAtOrBefore(Instant time) {
        String bound = "api_invocation_time <= "
                + grammar.timestamp(time.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
        return selection.group().provenance().arrivalTime() == null
                ? bound
                : "(" + bound + " OR api_invocation_time IS NULL)";
    }

    private static boolean isWritable(Instant time) {
        return !time.isBefore(TextTimeGrammar.FIRST) && !time.isAfter(TextTimeGrammar.LAST);
    }

    private Optional<Instant> firstLabel() {
        return set.from().or(() -> labels().min(Comparator.naturalOrder()));
    }

    private Optional<Instant> lastLabel() {
        return set.until().or(() -> labels().max(Comparator.naturalOrder()));
    }

    private Stream<Instant> labels() {
        return set.spine().source() instanceof Spine.Rows rows
                ? rows.rows().stream().map(SpineRow::time)
                : Stream.empty();
    }

    private String column() {
        return grammar.identifier(selection.group().eventTime().name());
    }

    private boolean isText() {
        return selection.group().eventTime().type() == FeatureType.STRING;
    }

    /** The second alone is less than all texts that begin with it. */
    private String atOrBefore(Instant time) {
        return isText() ? grammar.literal(second(time)) : seconds(time.getEpochSecond());
    }

    /** A Z sorts after the point of a fraction, so this is the greatest text of its second. */
    private String atOrAfter(Instant time) {
        return isText() ? grammar.literal(second(time) + "Z") : seconds(time.getEpochSecond() + 1);
    }

    private static String second(Instant time) {
        return Feature.instant("any")
                .codec()
                .encode(time.truncatedTo(ChronoUnit.SECONDS))
                .substring(0, 19);
    }

    private String seconds(long epochSecond) {
        return grammar.typed(FeatureType.FRACTIONAL, Long.toString(epochSecond));
    }
}
