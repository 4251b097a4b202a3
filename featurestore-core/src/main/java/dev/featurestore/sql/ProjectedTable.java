package dev.featurestore.sql;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.OfflineStoreSettings.TableFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A second table of Athena over a group's files, which knows their folders by partition projection: year, month, day and hour
 * of the event time in UTC, as the service lays them out. The service's own table has no partitions, so each query of it opens
 * every file. Give it to {@link TableNames#with}, and queries open the hours that their labels can see.
 *
 * <p>Rows outside its years are not in the table, without a word: give it all years that the group has event times of, and some
 * to come. Immutable.
 */
public final class ProjectedTable {
    /** The columns of the partitions, the longest unit first. */
    static final List<String> PARTITIONS = List.of("year", "month", "day", "hour");

    private final FeatureGroup<?> group;

    private final List<String> name;

    private final Year first;

    private final Year last;

    private final @Nullable Duration ahead;

    private ProjectedTable(FeatureGroup<?> group, List<String> name, Year first, Year last, @Nullable Duration ahead) {
        this.group = group;
        this.name = List.copyOf(name);
        this.first = first;
        this.last = last;
        this.ahead = ahead;
    }

    /**
     * A table over the files of a group.
     *
     * @param first the year of the group's oldest event time, or before
     * @param last a year that no event time is after; queries of later labels use the service's own table
     * @param name the parts of its name, such as database and table
     * @throws IllegalArgumentException if the years are not in order and of four digits, or a part of the name is blank
     * @throws InvalidDefinitionException if the group has no offline store in Glue format, or a feature with the name of a
     *     partition's column
     */
    public static ProjectedTable of(FeatureGroup<?> group, Year first, Year last, String... name) {
        List<String> parts = List.of(name);
        if (parts.isEmpty() || parts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("A projected table needs a name: such as \"database\", \"table\"");
        }
        if (first.getValue() < 0 || last.isBefore(first) || last.getValue() > 9999) {
            throw new IllegalArgumentException(
                    "The years of a projected table are in order, from 0 to 9999, got " + first + " and " + last);
        }
        List<String> problems = problems(group);
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException(
                    "A projected table of feature group '" + group.name() + "'", problems, group.name());
        }
        return new ProjectedTable(group, parts, first, last, null);
    }

    private static List<String> problems(FeatureGroup<?> group) {
        List<String> problems = new ArrayList<>();
        if (group.offlineStore().isEmpty()) {
            problems.add("it has no offline store");
        } else if (group.offlineStore().get().tableFormat() == TableFormat.ICEBERG) {
            problems.add("its table is of Iceberg, which knows its own files: partition projection is for Glue tables");
        }
        for (Feature<?> feature : group.features()) {
            if (PARTITIONS.contains(feature.name().toLowerCase(Locale.ROOT))) {
                problems.add("feature '" + feature.name()
                        + "' has the name of a column of its partitions; a table cannot have both");
            }
        }
        return problems;
    }

    /**
     * The same, where no row's event time is later than its arrival by more than this. In {@code AS_SERVED} only this bounds
     * the hours from above, so without it such queries use the service's own table.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ProjectedTable aheadAtMost(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("How far event times may be ahead is not negative, got " + duration);
        }
        return new ProjectedTable(group, name, first, last, duration);
    }

    /** The name of the group. */
    String groupName() {
        return group.name();
    }

    /** The parts of its name. */
    public List<String> name() {
        return name;
    }

    /** How far event times may be ahead of their arrival; empty if unbounded. */
    Optional<Duration> ahead() {
        return Optional.ofNullable(ahead);
    }

    Instant start() {
        return first.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    boolean endsBefore(Instant time) {
        return time.atOffset(ZoneOffset.UTC).getYear() > last.getValue();
    }

    /**
     * Athena's statement that makes the table. It makes no files and reads none, and does nothing if a table of this name is
     * there.
     *
     * @param location the folder of the group's files: {@link dev.featurestore.schema.DeployedFeatureGroup#resolvedS3Uri} of
     *     the deployed group
     * @throws IllegalArgumentException if it is no S3 URI, or has a <code>${</code>, which would be taken for a partition
     */
    public String ddl(String location) {
        if (!location.startsWith("s3://") || location.contains("${")) {
            throw new IllegalArgumentException(
                    "The files of feature group '" + group.name() + "' are at an s3:// location without ${");
        }
        String folder = location.endsWith("/") ? location.substring(0, location.length() - 1) : location;
        List<String> columns = new ArrayList<>();
        for (Feature<?> feature : group.features()) {
            columns.add(quoted(feature.name().toLowerCase(Locale.ROOT)) + " " + type(feature.type()));
        }
        columns.add("`write_time` timestamp");
        columns.add("`api_invocation_time` timestamp");
        columns.add("`is_deleted` boolean");
        return "CREATE EXTERNAL TABLE IF NOT EXISTS "
                + String.join(".", name.stream().map(ProjectedTable::quoted).toList()) + " (\n  "
                + String.join(",\n  ", columns)
                + "\n)\nPARTITIONED BY (`year` string, `month` string, `day` string, `hour` string)\nSTORED AS PARQUET\nLOCATION "
                + literal(folder + "/") + "\nTBLPROPERTIES (\n  'projection.enabled' = 'true'"
                + projected("year", first.getValue(), last.getValue(), 4)
                + projected("month", 1, 12, 2)
                + projected("day", 1, 31, 2)
                + projected("hour", 0, 23, 2)
                + ",\n  'storage.location.template' = "
                + literal(folder + "/year=${year}/month=${month}/day=${day}/hour=${hour}")
                + "\n)";
    }

    private static String projected(String column, int from, int to, int digits) {
        String property = ",\n  'projection." + column + ".";
        return property + "type' = 'integer'" + property + "range' = '" + from + "," + to + "'" + property
                + "digits' = '" + digits + "'";
    }

    private static String type(FeatureType type) {
        return switch (type) {
            case STRING -> "string";
            case INTEGRAL -> "bigint";
            case FRACTIONAL -> "double";
        };
    }

    private static String quoted(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The group and the table. */
    @Override
    public String toString() {
        return "projected table " + String.join(".", name) + " of feature group '" + group.name() + "'";
    }
}
