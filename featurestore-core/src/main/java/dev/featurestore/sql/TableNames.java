package dev.featurestore.sql;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.FeatureGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a group's offline store is, as the engine names it. */
@FunctionalInterface
public interface TableNames {
    /**
     * The table of a group.
     *
     * @return the parts of its name, such as catalog, database and table; quoted when rendered
     */
    List<String> of(FeatureGroup<?> group);

    /** A second table over the group's files, for Athena to read where labels bound what they can see; empty if there is none. */
    default Optional<ProjectedTable> projected(FeatureGroup<?> group) {
        return Optional.empty();
    }

    /** The same names, and second tables for some groups. */
    default TableNames with(ProjectedTable... tables) {
        Map<String, ProjectedTable> byGroup = new HashMap<>();
        for (ProjectedTable table : tables) {
            byGroup.put(table.groupName(), table);
        }
        TableNames names = this;
        return new TableNames() {
            @Override
            public List<String> of(FeatureGroup<?> group) {
                return names.of(group);
            }

            @Override
            public Optional<ProjectedTable> projected(FeatureGroup<?> group) {
                return Optional.ofNullable(byGroup.get(group.name())).or(() -> names.projected(group));
            }
        };
    }

    /**
     * The database and table that the definitions name.
     *
     * <p>Its answers throw {@link InvalidDefinitionException} for a group that leaves the names to the service: look those
     * up in the deployed group.
     */
    static TableNames ofDefinitions() {
        return group -> {
            String database =
                    group.offlineStore().flatMap(offline -> offline.database()).orElse(null);
            String table =
                    group.offlineStore().flatMap(offline -> offline.table()).orElse(null);
            if (database == null || table == null) {
                throw new InvalidDefinitionException(
                        "The offline table of feature group '" + group.name() + "'",
                        List.of("the definition leaves its name to the service; name it with table(database, table), or"
                                + " give the name the deployed group has"),
                        group.name());
            }
            return List.of(database, table);
        };
    }
}
