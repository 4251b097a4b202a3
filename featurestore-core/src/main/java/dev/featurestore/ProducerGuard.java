package dev.featurestore;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Keeps one producer of a group from erasing what another one owns: a put replaces the whole record. */
final class ProducerGuard {
    /** A refusal names so many features. */
    private static final int NAMED = 5;

    private final String group;

    private final List<Feature<?>> owned;

    ProducerGuard(FeatureGroup<?> group) {
        this.group = group.name();
        this.owned = group.features().stream()
                .filter(feature -> feature.owner().isPresent())
                .toList();
    }

    /** Does nothing for a group none of whose features has an owner. */
    void check(FeatureRecord record, WriteOptions options) {
        if (owned.isEmpty() || options.replacesOthers()) {
            return;
        }
        List<String> dropped = new ArrayList<>();
        TreeSet<String> owners = new TreeSet<>();
        for (Feature<?> feature : owned) {
            String owner = feature.owner().orElseThrow();
            if (!options.producer().equals(feature.owner()) && !record.has(feature)) {
                dropped.add("'" + feature.name() + "'");
                owners.add("'" + owner + "'");
            }
        }
        if (!dropped.isEmpty()) {
            throw new RecordMappingException(
                    "A put to feature group '" + group + "' by "
                            + options.producer()
                                    .map(producer -> "producer '" + producer + "'")
                                    .orElse("no named producer")
                            + " leaves out " + some(dropped) + ", owned by " + String.join(", ", owners)
                            + ": a put replaces the whole record, so their values would be gone. Give each producer a"
                            + " group of its own and join them in a view; or carry the values over; or, where there are"
                            + " none yet, write with WriteOptions.withOthersReplaced()",
                    group,
                    null,
                    null);
        }
    }

    private static String some(List<String> names) {
        return names.size() <= NAMED
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more features";
    }
}
