package dev.featurestore.sql;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DuckDbDialectTest {
    /** Quotes of both kinds, a backslash, a line break, a comment and a way out of a string. */
    private static final String NASTY = "a\"b'c\\d\ne--f;/*";

    private static final TableNames FILES = group -> List.of("/data/" + group.name() + ".parquet");

    private static final FeatureView VIEW = FeatureView.named("v")
            .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT))
            .build();

    @Test
    void isNamedAsItsEngine() {
        assertThat(SqlDialect.duckDb().name()).isEqualTo("DuckDB");
    }

    @Nested
    class Refuses {
        @Test
        void aTableNameOfOtherThanOnePart() {
            TrainingSet set = TrainingSet.of(VIEW, Spine.table("labels"));

            assertThatExceptionOfType(UnsupportedCapabilityException.class)
                    .isThrownBy(() -> SqlDialect.duckDb().render(set, TableNames.ofDefinitions()))
                    .withMessage(
                            "DuckDB reads the offline store of feature group 'transactions' from Parquet files: its"
                                    + " table name is one path or glob, got 2 parts");
            assertThatExceptionOfType(UnsupportedCapabilityException.class)
                    .isThrownBy(() -> SqlDialect.duckDb().render(set, group -> List.of()))
                    .withMessageEndingWith("got 0 parts");
        }

        @ParameterizedTest
        @ValueSource(strings = {"file_row_number", "File_Row_Number"})
        void aFeatureNamedAsItsOwnColumn(String name) {
            Feature<Long> feature = Feature.integral(name);
            FeatureGroup<FeatureRecord> group = FeatureGroup.named("files")
                    .recordIdentifier(Feature.string("id"))
                    .eventTime(Feature.eventTime("t"))
                    .features(feature)
                    .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                    .build();
            FeatureView view = FeatureView.named("v")
                    .from(group, select -> select.key("k").feature(feature, "x"))
                    .build();

            assertThatExceptionOfType(UnsupportedCapabilityException.class)
                    .isThrownBy(() -> render(TrainingSet.of(view, Spine.table("labels"))))
                    .withMessage("DuckDB cannot read feature '" + name
                            + "' of feature group 'files': the name is its own for" + " Parquet files");
        }
    }

    @Nested
    class TableNamesOfDefinitions {
        @Test
        void areDatabaseAndTable() {
            assertThat(TableNames.ofDefinitions().of(TRANSACTIONS)).containsExactly("features", "transactions");
        }

        @Test
        void areMissingWhereTheServiceNamesThem() {
            assertThatExceptionOfType(InvalidDefinitionException.class)
                    .isThrownBy(() -> TableNames.ofDefinitions().of(CARDS))
                    .withMessage(
                            "The offline table of feature group 'cards' is not valid: the definition leaves its name to"
                                    + " the service; name it with table(database, table), or give the name the deployed group has")
                    .satisfies(e -> assertThat(e.featureGroupName()).contains("cards"));
        }
    }

    @Nested
    class Quoting {
        private static final String IDENTIFIER = "\"a\"\"b'c\\d\ne--f;/*\"";

        private static final String LITERAL = "'a\"b''c\\d\ne--f;/*'";

        @Test
        void doublesTheQuoteAndNothingElse() {
            assertThat(DuckDbDialect.GRAMMAR.identifier(NASTY)).isEqualTo(IDENTIFIER);
            assertThat(DuckDbDialect.GRAMMAR.literal(NASTY)).isEqualTo(LITERAL);
        }

        @Test
        void isDoneForNamesOfTablesAndColumns() {
            FeatureView view = FeatureView.named("v")
                    .from(
                            TRANSACTIONS,
                            select -> select.named("s" + NASTY).key("k" + NASTY).feature(AMOUNT, "v" + NASTY))
                    .build();
            Spine spine = Spine.table("t" + NASTY, "u" + NASTY)
                    .time("e" + NASTY, LabelTime.TIMESTAMP)
                    .keep(NASTY);

            String sql = render(TrainingSet.of(view, spine).withAudit(AuditColumn.EVENT_TIME));

            assertThat(sql)
                    .contains("FROM " + quoted("t") + "." + quoted("u"))
                    .contains("SELECT " + quoted("k") + ", " + quoted("e") + ", " + IDENTIFIER + ", row_number()")
                    .contains("epoch_ns(" + quoted("e") + ")")
                    .contains("ELSE CAST(" + quoted("k") + " AS VARCHAR) END AS \"__fs_key0\"")
                    .contains("v0.f0 AS " + quoted("v"))
                    .contains(" AS \"s" + IDENTIFIER.substring(1, IDENTIFIER.length() - 1) + "__event_time\"");
            assertThat(sql.replace(IDENTIFIER.substring(1, IDENTIFIER.length() - 1), "")
                            .replace(LITERAL.substring(1, LITERAL.length() - 1), ""))
                    .doesNotContain("--", "/*");
        }

        @Test
        void isDoneForPathsDefaultsAndSpineValues() {
            FeatureView view = FeatureView.named("v")
                    .from(TRANSACTIONS, select -> select.key("txn").features(MERCHANT.withDefault(NASTY)))
                    .build();
            Spine spine = Spine.rows(List.of(SpineRow.of(NOON, Map.of("txn", NASTY))));

            String sql = SqlDialect.duckDb().render(TrainingSet.of(view, spine), group -> List.of(NASTY));

            assertThat(sql)
                    .contains("read_parquet(" + LITERAL + ",")
                    .contains("coalesce(v0.f0, CAST(" + LITERAL + " AS VARCHAR))")
                    .contains("(VALUES (" + LITERAL + ", '2026-03-01T12:00:00.000000000Z'))");
        }

        private static String quoted(String prefix) {
            return '"' + prefix + IDENTIFIER.substring(1);
        }
    }

    @Nested
    class Values {
        @Test
        void ofTheSpineAreCastFromText() {
            Spine spine = Spine.rows(List.of(
                            SpineRow.of(NOON, Map.of("txn", "t", "l", Long.MIN_VALUE, "i", 7, "d", 0.1, "b", true))))
                    .keep("l", "i", "d", "b", "missing");

            assertThat(render(TrainingSet.of(VIEW, spine)))
                    .contains("('t', '2026-03-01T12:00:00.000000000Z', CAST('-9223372036854775808' AS BIGINT),"
                            + " CAST('7' AS BIGINT), CAST('0.1' AS DOUBLE), true, NULL)");
        }

        @Test
        void ofNoRowsAreATableWithoutRows() {
            assertThat(render(TrainingSet.of(VIEW, Spine.rows(List.of()).keep("label"))))
                    .contains("(SELECT NULL, NULL, NULL WHERE false) AS r(\"txn\", \"event_time\", \"label\")");
        }

        @Test
        void ofDefaultsAreCastFromText() {
            FeatureView view = FeatureView.named("v")
                    .from(CARDS, select -> select.key("card").features(AVERAGE.withDefault(0.1)))
                    .build();

            assertThat(render(TrainingSet.of(view, Spine.table("labels"))))
                    .contains("coalesce(v0.f0, CAST('0.1' AS DOUBLE)) AS \"average\"");
        }
    }

    @Nested
    class Times {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "TIMESTAMP     | ELSE epoch_ns(\"t\")::HUGEINT END AS \"__fs_time\"",
                    "EPOCH_MILLIS  | ELSE CAST(\"t\" AS HUGEINT) * 1000000 END END AS \"__fs_time\"",
                    "EPOCH_SECONDS | CAST(floor(CAST(\"t\" AS DOUBLE)) AS HUGEINT) * 1000000",
                    "ISO_8601      | ELSE error('The spine''s label time is not a UTC time such as"
                            + " 2025-01-31T23:59:59.123Z')"
                })
        void ofLabelsAreReadInTheirForm(LabelTime form, String expected) {
            Spine spine = Spine.query("SELECT 1 -- the end").time("t", form);

            assertThat(render(TrainingSet.of(VIEW, spine)))
                    .contains(expected)
                    .contains("FROM (\nSELECT 1 -- the end\n) AS q");
        }

        @Test
        void ofTheRangeAreExactToTheNanosecond() {
            TrainingSet set = TrainingSet.of(VIEW, Spine.table("labels"))
                    .labelsBetween(
                            Instant.parse("0000-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59.999999999Z"));

            assertThat(render(set))
                    .contains("WHERE l.\"__fs_time\" >= -62167219200000000000::HUGEINT AND l.\"__fs_time\" <"
                            + " 253402300799999999999::HUGEINT");
        }

        @Test
        void ofFractionalGroupsAreReadAsNumbers() {
            FeatureGroup<FeatureRecord> group = FeatureGroup.named("fractional")
                    .recordIdentifier(Feature.string("id"))
                    .eventTime(Feature.eventTime("t", EventTimeFormat.epochSeconds(3)))
                    .features(AMOUNT)
                    .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                    .build();
            FeatureView view = FeatureView.named("v")
                    .from(group, select -> select.key("k").features(AMOUNT))
                    .build();

            assertThat(render(TrainingSet.of(view, Spine.table("labels")).withPointInTime(PointInTime.eventTime())))
                    .contains("(CAST(floor(\"t\") AS HUGEINT) * 1000000")
                    .doesNotContain("regexp_full_match(\"t\"");
        }
    }

    private static String render(TrainingSet set) {
        return SqlDialect.duckDb().render(set, FILES);
    }
}
