package dev.featurestore.training;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A training set as data: the labels of a spine, each joined point in time to the columns of a view. Nothing runs here;
 * dialects render it and stores run it.
 *
 * <p>Its rows have the view's join keys, the time, the kept columns of the spine, then the view's columns, in that order:
 * exactly one row for each spine row in the range. Immutable; methods return changed copies.
 */
public final class TrainingSet implements Serializable {
    private static final long serialVersionUID = 1L;

    private final FeatureView view;

    private final Spine spine;

    private final PointInTime pointInTime;

    private final @Nullable Instant from;

    private final @Nullable Instant until;

    @SuppressWarnings("serial") // a set of constants
    private final Set<AuditColumn> audit;

    private TrainingSet(
            FeatureView view,
            Spine spine,
            PointInTime pointInTime,
            @Nullable Instant from,
            @Nullable Instant until,
            Set<AuditColumn> audit) {
        this.view = Objects.requireNonNull(view, "view");
        this.spine = Objects.requireNonNull(spine, "spine");
        this.pointInTime = Objects.requireNonNull(pointInTime, "pointInTime");
        this.from = from;
        this.until = until;
        this.audit = audit;
    }

    /**
     * A training set of what was served, the library's default mode.
     *
     * @throws InvalidDefinitionException if a group has no offline store, or a spine column and a view column have one name
     */
    public static TrainingSet of(FeatureView view, Spine spine) {
        return new TrainingSet(view, spine, PointInTime.asServed(), null, null, Set.of()).checked();
    }

    private TrainingSet checked() {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException("A training set of feature view '" + view.name() + "'", problems);
        }
        return this;
    }

    /** The same with another point-in-time rule. */
    public TrainingSet withPointInTime(PointInTime rule) {
        return new TrainingSet(view, spine, rule, from, until, audit);
    }

    /** The same labels from elsewhere, such as a table over their files. */
    public TrainingSet withLabelsFrom(Spine.Source source) {
        return new TrainingSet(view, spine.from(source), pointInTime, from, until, audit).checked();
    }

    /**
     * The same with only the labels of a range of time.
     *
     * @param start inclusive
     * @param end exclusive
     * @throws IllegalArgumentException if the range is empty
     */
    public TrainingSet labelsBetween(Instant start, Instant end) {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("The range of labels is empty: its start is not before its end");
        }
        return new TrainingSet(view, spine, pointInTime, start, end, audit);
    }

    /**
     * The same with columns behind the view's that tell of the row each selection used: their names and forms are those of
     * {@link AuditColumn}. Added to what was asked for before.
     *
     * @throws InvalidDefinitionException if another column of the set has such a name
     */
    public TrainingSet withAudit(AuditColumn first, AuditColumn... more) {
        return withAudit(EnumSet.of(first, more));
    }

    /**
     * The same with all audit columns.
     *
     * @throws InvalidDefinitionException if another column of the set has such a name
     */
    public TrainingSet withAudit() {
        return withAudit(EnumSet.allOf(AuditColumn.class));
    }

    private TrainingSet withAudit(EnumSet<AuditColumn> columns) {
        EnumSet<AuditColumn> all = EnumSet.copyOf(columns);
        all.addAll(audit);
        return new TrainingSet(view, spine, pointInTime, from, until, Collections.unmodifiableSet(all)).checked();
    }

    /** The view. */
    public FeatureView view() {
        return view;
    }

    /** The labels. */
    public Spine spine() {
        return spine;
    }

    /** Which row of a group's history belongs to a label. */
    public PointInTime pointInTime() {
        return pointInTime;
    }

    /** The first label time in the set; empty if unbounded. */
    public Optional<Instant> from() {
        return Optional.ofNullable(from);
    }

    /** The first label time no longer in the set; empty if unbounded. */
    public Optional<Instant> until() {
        return Optional.ofNullable(until);
    }

    /** The columns that come from the spine: the join keys, the time, the kept ones; each once. */
    public List<String> spineColumns() {
        List<String> columns = new ArrayList<>(view.joinKeys());
        for (String column : withTime()) {
            if (!columns.contains(column)) {
                columns.add(column);
            }
        }
        return Collections.unmodifiableList(columns);
    }

    /** The kinds of audit columns, in the order of their columns; empty unless {@link #withAudit} was called. */
    public Set<AuditColumn> audit() {
        return audit;
    }

    /** The audit columns of a kind, one for each selection; empty if the set has none. */
    public List<String> auditColumns(AuditColumn kind) {
        return audit.contains(kind)
                ? view.selections().stream()
                        .map(selection -> kind.of(selection.name()))
                        .toList()
                : List.of();
    }

    private List<String> withTime() {
        List<String> columns = new ArrayList<>();
        columns.add(spine.timeColumn());
        columns.addAll(spine.kept());
        return columns;
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (spine.source() instanceof Spine.Files files) {
            Set<String> known = files.columns().stream()
                    .map(column -> column.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
            spineColumns().stream()
                    .filter(column -> !known.contains(column.toLowerCase(Locale.ROOT)))
                    .forEach(column -> problems.add("the spine's files have no column '" + column + "': declare it"));
        }
        for (GroupSelection selection : view.selections()) {
            if (selection.group().offlineStore().isEmpty()) {
                problems.add("feature group '" + selection.group().name()
                        + "' has no offline store, so it has no history to train on");
            }
        }
        Set<String> names = new HashSet<>();
        for (String column : spineColumns()) {
            String folded = column.toLowerCase(Locale.ROOT);
            if (!names.add(folded)) {
                problems.add("spine column '" + column + "' is there twice, but for case");
            }
            if (folded.isBlank() || folded.startsWith("__fs_")) {
                problems.add("spine column '" + column
                        + "' has a blank name, or one beginning with '__fs_', which the library uses itself");
            }
        }
        for (int i = 0; i < view.columns().size(); i++) {
            if (!names.add(view.columns().name(i).toLowerCase(Locale.ROOT))) {
                problems.add("column '" + view.columns().name(i)
                        + "' is in the spine and in the view: give the feature an alias or prefix in the view");
            }
        }
        Set<String> audits = new HashSet<>();
        for (AuditColumn kind : audit) {
            for (String column : auditColumns(kind)) {
                String folded = column.toLowerCase(Locale.ROOT);
                if (names.contains(folded)) {
                    problems.add(
                            "audit column '" + column
                                    + "' is in the spine or in the view as well: give the selection another name, or the column");
                }
                if (!audits.add(folded)) {
                    problems.add("audit column '" + column
                            + "' is there twice, but for case: give one of the selections another name");
                }
            }
        }
        return problems;
    }

    /** The view, the spine and the mode. */
    @Override
    public String toString() {
        return "training set of " + view + " over " + spine + " in mode " + pointInTime.mode();
    }
}
