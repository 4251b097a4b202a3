package dev.featurestore.sql;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.AVERAGE;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.MERCHANT;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Names and texts cannot break out of their place: whatever they are, what is left of a query without its quoted parts is
 * what it is with harmless ones.
 */
class DialectQuotingTest {
    private static final int SEEDS = 500;

    private static final String[] PIECES = {
        "\"",
        "'",
        "`",
        "\\",
        ";",
        "--",
        "/*",
        "*/",
        "\n",
        "\r",
        "\t",
        "$",
        "{",
        "}",
        "(",
        ")",
        "?",
        "%",
        "a",
        "É",
        "日",
        "\uD83D\uDE00",
        " OR 1=1 ",
        "\\'",
        "''",
        "X'27'",
        "\u0000"
    };

    /** How an engine reads what is quoted, told apart from how the dialect writes it. */
    enum Engine {
        DUCKDB,
        ATHENA,
        SPARK;

        private SqlDialect dialect() {
            return switch (this) {
                case DUCKDB -> SqlDialect.duckDb();
                case ATHENA -> SqlDialect.athena();
                case SPARK -> SqlDialect.spark();
            };
        }

        private char quote() {
            return this == SPARK ? '`' : '"';
        }

        /** The query without its quoted parts, which are appended to {@code parts} as the engine understands them. */
        private String skeleton(String sql, List<String> parts) {
            String text = this == SPARK ? withoutHexadecimal(sql) : sql;
            StringBuilder rest = new StringBuilder();
            int i = 0;
            while (i < text.length()) {
                char c = text.charAt(i);
                if (c != quote() && c != '\'') {
                    rest.append(c);
                    i++;
                    continue;
                }
                StringBuilder part = new StringBuilder();
                i++;
                while (text.charAt(i) != c || (i + 1 < text.length() && text.charAt(i + 1) == c)) {
                    if (text.charAt(i) == c) {
                        i++;
                    }
                    part.append(text.charAt(i));
                    i++;
                }
                i++;
                parts.add(part.toString());
                rest.append(c == '\'' ? "<text>" : "<name>");
            }
            return rest.toString();
        }

        private static String withoutHexadecimal(String sql) {
            return sql.replaceAll("CAST\\(X'[0-9a-f]*' AS STRING\\)", "''");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsQuotedStaysInItsPlace(Engine engine) {
        String harmless = engine.skeleton(render(engine, text -> "x"), new ArrayList<>());
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<String> given = new ArrayList<>();
            List<String> parts = new ArrayList<>();
            String sql = render(engine, text -> {
                String nasty = nasty(random, engine);
                given.add(text + nasty);
                return nasty;
            });

            assertThat(engine.skeleton(sql, parts)).as("seed %s", seed).isEqualTo(harmless);
            if (engine != Engine.SPARK) {
                assertThat(parts).as("seed %s", seed).containsAll(given);
            }
        }
    }

    private static String nasty(Random random, Engine engine) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return engine == Engine.SPARK ? text.toString().replace("${", "$ {") : text.toString();
    }

    /** Every place of every query that a name or a text of the user's comes to. */
    private static String render(Engine engine, UnaryOperator<String> ending) {
        String text = "default" + ending.apply("default");
        String view = "view" + ending.apply("view");
        String card = "card" + ending.apply("card");
        String table = "table" + ending.apply("table");
        String value = "value" + ending.apply("value");
        FeatureView model = FeatureView.named("model")
                .from(
                        TRANSACTIONS,
                        select -> select.named("selection")
                                .key("key")
                                .feature(MERCHANT.withDefault(text), view)
                                .feature(AMOUNT, "amount"))
                .from(CARDS, select -> select.key(card).features(AVERAGE))
                .build();
        Spine spine = Spine.rows(List.of(SpineRow.of(NOON, Map.of("key", value, card, 1L))));
        TrainingSet set = TrainingSet.of(model, spine).withAudit();
        TableNames tables = group -> List.of(table);
        String produced = "produced" + ending.apply("produced");
        SqlDialect dialect = engine.dialect();
        return String.join(
                "\n",
                dialect.render(set, tables),
                dialect.renderLabelDays(set, tables, NOON),
                dialect.renderLeakCheck(set, tables, Spine.Source.table(produced)),
                dialect.renderModeComparison(set, tables));
    }

    @ParameterizedTest
    @EnumSource(names = {"DUCKDB", "ATHENA"})
    void aQuoteIsDoubledAndNothingElse(Engine engine) {
        SqlGrammar grammar = engine == Engine.ATHENA ? AthenaDialect.GRAMMAR : DuckDbDialect.GRAMMAR;

        assertThat(grammar.identifier("a\"b'c\\d")).isEqualTo("\"a\"\"b'c\\d\"");
        assertThat(grammar.literal("a\"b'c\\d")).isEqualTo("'a\"b''c\\d'");
    }

    @Test
    void sparkHasTextsWithEscapesOrSubstitutionsInHexadecimal() {
        assertThat(SparkDialect.GRAMMAR.identifier("a`b'c\\d")).isEqualTo("`a``b'c\\d`");
        assertThat(SparkDialect.GRAMMAR.literal("plain é")).isEqualTo("'plain é'");
        assertThat(SparkDialect.GRAMMAR.literal("it's")).isEqualTo("CAST(X'69742773' AS STRING)");
        assertThat(SparkDialect.GRAMMAR.literal("\\")).isEqualTo("CAST(X'5c' AS STRING)");
        assertThat(SparkDialect.GRAMMAR.literal("${x}")).isEqualTo("CAST(X'247b787d' AS STRING)");
    }

    @Test
    void sparkRefusesNamesThatItWouldReplace() {
        assertThatExceptionOfType(UnsupportedCapabilityException.class)
                .isThrownBy(() -> SparkDialect.GRAMMAR.identifier("a${b}"))
                .withMessageContaining("cannot have it in its name");
    }
}
