package dev.featurestore.serving;

import dev.featurestore.schema.Feature;
import dev.featurestore.serving.ServedDifference.Part;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares a serving log with a training set. The vectors of the log are held in memory, the rows of the set are streamed, and
 * those that differ are explained some hundreds at a time.
 */
final class ServedComparer {
    private final ServedVectors log;

    private final TrainingSet set;

    private final FeatureView view;

    private final OfflineStore store;

    private final ServedComparison.Counter counter;

    private final Map<Match, Logged> logged = new HashMap<>();

    private boolean hasKeys;

    private boolean hasHashes;

    ServedComparer(ServedVectors log, TrainingSet set, OfflineStore store, Consumer<? super ServedDifference> each) {
        this.log = log;
        this.set = set;
        this.view = set.view();
        this.store = store;
        this.counter = new ServedComparison.Counter(each);
    }

    /** What a vector and its label have in common. */
    private record Match(String keys, Instant time) {}

    /** The vectors of one label. */
    private static final class Logged {
        private final List<ServedVector> vectors = new ArrayList<>(1);
        private boolean hasLabel;
    }

    ServedComparison compare() {
        try (Stream<ServedLine> lines = log.lines()) {
            lines.forEach(this::load);
        }
        DifferenceReasons reasons = new DifferenceReasons(set, store);
        List<DifferenceReasons.Case> cases = new ArrayList<>();
        try (TrainingRows rows = store.run(set.withAudit(AuditColumn.EVENT_TIME))) {
            for (TrainingRow row : rows) {
                counter.labels++;
                for (ServedVector vector : vectors(row.spine())) {
                    counter.matched++;
                    Map<Integer, List<Integer>> differing = differing(vector, row);
                    if (!differing.isEmpty()) {
                        cases.add(new DifferenceReasons.Case(vector, row, identifiers(row.spine()), differing));
                        if (DifferenceReasons.isEnough(cases)) {
                            explain(reasons, cases);
                        }
                    }
                }
            }
        }
        explain(reasons, cases);
        return counter.comparison();
    }

    private void load(ServedLine line) {
        if (!(line instanceof ServedLine.Vector read)) {
            counter.unreadable++;
            return;
        }
        ServedVector vector = read.vector();
        Instant time = vector.time();
        if (!vector.fingerprint().equals(view.fingerprint())) {
            counter.otherViews++;
            return;
        }
        if (set.from().map(time::isBefore).orElse(false)
                || !set.until().map(time::isBefore).orElse(true)) {
            return;
        }
        if (vector.groups().size() != view.selections().size()) {
            // not of this library's making
            counter.unreadable++;
            return;
        }
        counter.vectors++;
        logged.computeIfAbsent(new Match(keys(vector), time), any -> new Logged())
                .vectors
                .add(vector);
    }

    private String keys(ServedVector vector) {
        if (vector.keysHash() == null) {
            hasKeys = true;
            return plain(vector.keys());
        }
        if (log.salt() == null) {
            throw new IllegalArgumentException("The keys in the " + log
                    + " are hashed: give it the salt that they were hashed with, by withSalt(text)");
        }
        hasHashes = true;
        return vector.keysHash();
    }

    /** Of keys that are not hashed, in as little space; longer than a hash of the log, so that it equals none. */
    private static String plain(Map<String, String> keys) {
        return "keys " + KeysHash.of("", keys).text();
    }

    /** What was served for a label, the first time that it is asked for. */
    private List<ServedVector> vectors(SpineRow label) {
        List<ServedVector> found = new ArrayList<>(1);
        boolean isLogged = false;
        List<String> identifiers = identifiers(label);
        Map<String, String> keys = new LinkedHashMap<>();
        for (int s = 0; s < identifiers.size(); s++) {
            keys.put(view.selections().get(s).joinKey(), identifiers.get(s));
        }
        if (!identifiers.isEmpty()) {
            List<String> matches = new ArrayList<>(2);
            if (hasKeys) {
                matches.add(plain(keys));
            }
            if (hasHashes) {
                matches.add(
                        KeysHash.of(Objects.requireNonNull(log.salt()), keys).text());
            }
            for (String match : matches) {
                Logged one = logged.get(new Match(match, label.time()));
                isLogged |= one != null;
                if (one != null && !one.hasLabel) {
                    one.hasLabel = true;
                    found.addAll(one.vectors);
                }
            }
        }
        counter.unlogged += isLogged ? 0 : 1;
        return found;
    }

    /** The stored text of each selection's identifier; empty if the label lacks a key. */
    private List<String> identifiers(SpineRow label) {
        List<String> identifiers = new ArrayList<>();
        for (GroupSelection selection : view.selections()) {
            Object value = label.get(selection.joinKey());
            if (value == null) {
                return List.of();
            }
            identifiers.add(canonical(selection.group().recordIdentifier(), value));
        }
        return identifiers;
    }

    /** Labels come from tables of any type: the household 2 may be 2, 2.0 or text. */
    private static String canonical(Feature<?> identifier, Object value) {
        String text = value.toString();
        try {
            if (value instanceof Number) {
                BigDecimal number = new BigDecimal(text);
                text = number.stripTrailingZeros().scale() <= 0
                        ? number.toBigInteger().toString()
                        : text;
            }
            return encoded(identifier, text);
        } catch (RuntimeException e) {
            // no record has it
            return text;
        }
    }

    private static <T> String encoded(Feature<T> identifier, String text) {
        return identifier.codec().encode(identifier.codec().decode(text));
    }

    /** The columns that differ, by selection. */
    private Map<Integer, List<Integer>> differing(ServedVector vector, TrainingRow row) {
        Map<Integer, List<Integer>> differing = new LinkedHashMap<>();
        for (int s = 0; s < view.selections().size(); s++) {
            for (int i = view.firstColumn(s); i < view.firstColumn(s + 1); i++) {
                String trained = ColumnText.of(row.vector().availableValues(), i);
                if (!Objects.equals(trained, served(vector, i))) {
                    differing.computeIfAbsent(s, any -> new ArrayList<>()).add(i);
                }
            }
        }
        return differing;
    }

    private @Nullable String served(ServedVector vector, int i) {
        return vector.values().get(view.columns().name(i));
    }

    private void explain(DifferenceReasons reasons, List<DifferenceReasons.Case> cases) {
        List<Map<Integer, ServedDifference.Kind>> kinds = reasons.of(cases);
        for (int c = 0; c < cases.size(); c++) {
            Map<String, Part> parts = new LinkedHashMap<>();
            Map<Integer, ServedDifference.Kind> bySelection = kinds.get(c);
            cases.get(c)
                    .differing()
                    .forEach((s, columns) -> parts.put(
                            view.selections().get(s).name(),
                            new Part(
                                    Objects.requireNonNull(bySelection.get(s)),
                                    columns.stream().map(view.columns()::name).toList())));
            counter.differs(new ServedDifference(cases.get(c).row().spine(), parts));
        }
        cases.clear();
    }
}
