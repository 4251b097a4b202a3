package dev.featurestore.training;

import static dev.featurestore.Fraud.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpineTest {
    private static final SpineRow ROW = SpineRow.of(NOON, Map.of("card", 4711L, "label", true));

    @Test
    void aTableNeedsAName() {
        assertThatIllegalArgumentException()
                .isThrownBy(Spine::table)
                .withMessage("The spine's table needs a name: table(\"database\", \"labels\")");
        assertThatIllegalArgumentException().isThrownBy(() -> Spine.table("labels", " "));
        assertThat(Spine.table("a", "b").source()).isEqualTo(Spine.Source.table("a", "b"));
    }

    @Test
    void aQueryIsNotBlank() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spine.query(" \n"))
                .withMessage("The spine's query is blank");
        assertThat(Spine.query("SELECT 1").source()).isEqualTo(Spine.Source.query("SELECT 1"));
    }

    @Test
    void theTimeIsATimestampNamedEventTimeUnlessSet() {
        assertThat(Spine.table("labels").timeColumn()).isEqualTo("event_time");
        assertThat(Spine.table("labels").labelTime()).isEqualTo(LabelTime.TIMESTAMP);
        assertThat(Spine.rows(List.of()).labelTime()).isEqualTo(LabelTime.ISO_8601);

        Spine spine = Spine.query("SELECT 1").keep("label").time("t", LabelTime.EPOCH_SECONDS);

        assertThat(spine.timeColumn()).isEqualTo("t");
        assertThat(spine.labelTime()).isEqualTo(LabelTime.EPOCH_SECONDS);
        assertThat(spine.kept()).containsExactly("label");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ISO_8601")
    void theFormOfATimeInMemoryIsGiven(LabelTime form) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spine.rows(List.of(ROW)).time("t", form))
                .withMessage("The time of rows in memory is ISO_8601, got " + form);
        assertThat(Spine.rows(List.of(ROW)).time("t", LabelTime.ISO_8601).timeColumn())
                .isEqualTo("t");
    }

    @Test
    void copiesLeaveTheOriginalAsItWas() {
        Spine spine = Spine.table("labels");

        assertThat(spine.keep("a").keep("b").kept()).containsExactly("a", "b");
        assertThat(spine.kept()).isEmpty();
    }

    @Test
    void rowsAreCopiedAndMayBeEqual() {
        List<SpineRow> rows = new ArrayList<>(List.of(ROW, ROW));
        Spine spine = Spine.rows(rows);
        rows.clear();

        assertThat(spine.source()).isEqualTo(new Spine.Rows(List.of(ROW, ROW)));
    }

    @Test
    void textHoldsNoValueAndNoSql() {
        String sql = "SELECT * FROM labels WHERE card = '4711'";

        assertThat(Spine.rows(List.of(ROW)).keep("label")).hasToString("spine of rows by event_time, keeping [label]");
        assertThat(Spine.rows(List.of(ROW)).source().toString()).doesNotContain("4711");
        assertThat(Spine.query(sql).toString()).doesNotContain("4711");
        assertThat(Spine.query(sql).source().toString()).doesNotContain("4711");
    }

    @Test
    void aQueryDoesNotEndInASemicolon() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spine.query("SELECT 1;\n"))
                .withMessageContaining("ends in a semicolon");
    }

    @Test
    void filesHaveALocationAndColumnsThatAreThereOnce() {
        SpineColumn card = SpineColumn.of("card", ColumnType.STRING);
        URI folder = URI.create("s3://bucket/labels/");

        assertThat(Spine.parquet(folder, card).source())
                .isEqualTo(new Spine.Files(folder, Spine.Format.PARQUET, List.of(card)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spine.parquet(URI.create("labels"), card))
                .withMessageContaining("such as s3://bucket/labels/");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spine.parquet(folder))
                .withMessageContaining("need columns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spine.parquet(folder, card, SpineColumn.of("CARD", ColumnType.BIGINT)))
                .withMessageContaining("have the column 'CARD' twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spine.csv(folder, SpineColumn.of("at", ColumnType.TIMESTAMP)))
                .withMessageContaining("give column 'at' as STRING");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpineColumn.of("a`b", ColumnType.STRING))
                .withMessageContaining("without backticks");
    }

    @Test
    void rowsFromElsewhereHaveTheSameColumns() {
        Spine spine = Spine.table("labels").time("at", LabelTime.EPOCH_MILLIS).keep("a");

        Spine other = spine.from(Spine.Source.query("SELECT 1"));

        assertThat(other.source()).isEqualTo(Spine.Source.query("SELECT 1"));
        assertThat(other).hasToString("spine of query by at, keeping [a]");
        assertThat(other.labelTime()).isEqualTo(LabelTime.EPOCH_MILLIS);
    }

    @Nested
    class Row {
        @Test
        void keepsTheOrderOfItsColumnsAndItsNulls() {
            Map<String, @Nullable Object> values = new java.util.LinkedHashMap<>();
            values.put("z", 1L);
            values.put("a", null);
            SpineRow row = SpineRow.of(NOON, values);

            assertThat(row.values().keySet()).containsExactly("z", "a");
            assertThat(row.get("z")).isEqualTo(1L);
            assertThat(row.get("a")).isNull();
            assertThat(row.get("other")).isNull();
            assertThat(row.time()).isEqualTo(NOON);
        }

        @Test
        void copiesItsValues() {
            Map<String, Object> values = new HashMap<>(Map.of("card", 1L));
            SpineRow row = SpineRow.of(NOON, values);
            values.put("card", 2L);

            assertThat(row.get("card")).isEqualTo(1L);
        }

        @Test
        void isEqualByTimeAndValues() {
            SpineRow same = SpineRow.of(NOON, Map.of("label", true, "card", 4711L));

            assertThat(ROW).isEqualTo(same).hasSameHashCodeAs(same);
            assertThat(ROW).isNotEqualTo(SpineRow.of(NOON.plusNanos(1), ROW.values()));
            assertThat(ROW).isNotEqualTo(SpineRow.of(NOON, Map.of("card", 4711L)));
        }

        @Test
        void holdsOnlyWhatATableOfTheEngineHolds() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Spine.rows(java.util.List.of(SpineRow.of(NOON, Map.of("card", 'x')))))
                    .withMessageStartingWith("Spine column 'card' holds a Character: rows in memory hold String, Long");
        }

        @Test
        void timeIsWithinTheYearsThatTextCanHold() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpineRow.of(java.time.Instant.MAX, Map.of()))
                    .withMessage("A label's time is between the years 0000 and 9999, got one outside");
        }

        @Test
        void textNamesColumnsOnly() {
            assertThat(SpineRow.of(NOON, Map.of("card", 4711L))).hasToString("spine row of [card]");
        }
    }
}
