package dev.featurestore.benchmarks.training;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much history there is, and how many labels.
 *
 * @param rows of each group
 * @param versions rows of an identifier, on average
 * @param features of each group
 */
public record Workload(int groups, int rows, int versions, int labels, int features) {
    /** The first feature of each group; it holds the row's number, by which an answer is recognised. */
    private static final String ROW_NUMBER = "row_number";

    private static final String GROUP = "cards_";

    /** Such as {@code 1M rows x 100k labels, 20 versions, 10 features}. */
    @Override
    public String toString() {
        return (groups == 1 ? "" : groups + " groups of ")
                + "%,d rows, %,d labels, %,d versions an identifier, %d features"
                        .formatted(rows, labels, versions, features);
    }

    int identifiers() {
        return Math.max(1, rows / versions);
    }

    /** The column of feature c of group g. */
    static String column(int g, int c) {
        return "g" + g + "_" + (c == 0 ? ROW_NUMBER : "f" + c);
    }

    /** Whether a column is whole numbers; all others are fractional. */
    public static boolean isRowNumber(String column) {
        return column.endsWith(ROW_NUMBER);
    }

    /** Which group it is. */
    public static int number(FeatureGroup<?> group) {
        return Integer.parseInt(group.name().substring(GROUP.length()));
    }

    /** The feature columns of group g. */
    public List<String> columns(int g) {
        return columns().subList(g * features, (g + 1) * features);
    }

    /** All feature columns, in the order of the view. */
    public List<String> columns() {
        return IntStream.range(0, groups)
                .boxed()
                .flatMap(g -> IntStream.range(0, features).mapToObj(c -> column(g, c)))
                .toList();
    }

    /** Group g, as a team would define it. */
    public FeatureGroup<?> group(int g) {
        List<Feature<?>> columns = new ArrayList<>();
        columns.add(Feature.integral(column(g, 0)));
        for (int c = 1; c < features; c++) {
            columns.add(Feature.fractional(column(g, c)));
        }
        return FeatureGroup.named(GROUP + g)
                .recordIdentifier(Feature.string("card_id"))
                .eventTime(Feature.eventTime("event_ts"))
                .features(columns.toArray(Feature[]::new))
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .build();
    }

    /** All groups joined to the labels. */
    public TrainingSet trainingSet(PointInTime rule, String... labels) {
        FeatureView.Builder view = FeatureView.named("model");
        for (int g = 0; g < groups; g++) {
            view.from(group(g), select -> select.key("card_id").allFeatures());
        }
        return TrainingSet.of(
                        view.build(),
                        Spine.table(labels)
                                .time("label_ts", LabelTime.TIMESTAMP)
                                .keep("label_id"))
                .withPointInTime(rule);
    }
}
