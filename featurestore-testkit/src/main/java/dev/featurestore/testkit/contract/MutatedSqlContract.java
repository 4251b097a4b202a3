package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.sql.SqlDialect;
import dev.featurestore.sql.TableNames;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.training.TrainingSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Each rule of a dialect's point-in-time SQL, broken in the text of the query, makes a scenario of {@link OfflineStoreContract}
 * fail: the contract is worth something on that engine. Extend it in a test and supply the rules.
 */
public abstract class MutatedSqlContract {
    private final AtomicInteger broken = new AtomicInteger();

    private final AtomicInteger noticed = new AtomicInteger();

    /** For subclasses. */
    protected MutatedSqlContract() {}

    /**
     * A rule to be broken.
     *
     * @param rule what it is, in words
     * @param text where it is in the query, as a regular expression
     * @param replacement what is to stand there, with {@code $1} and so on for groups of the expression
     */
    public record Mutation(String rule, String text, String replacement) {}

    /** The dialect whose rules are broken. */
    protected abstract SqlDialect dialect();

    /** The rules. */
    protected abstract List<Mutation> mutations();

    /** As {@link OfflineStoreContract#openBackend}, with a dialect of which a rule is broken. */
    protected abstract OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour, SqlDialect mutated);

    @TestFactory
    final Stream<DynamicTest> aRuleThatIsBrokenIsNoticed() {
        return mutations().stream().map(mutation -> DynamicTest.dynamicTest(mutation.rule(), () -> check(mutation)));
    }

    private void check(Mutation mutation) {
        broken.incrementAndGet();
        Mutated mutated = new Mutated(dialect(), mutation);

        boolean isNoticed = new Suite(this, mutated).scenarios().anyMatch(scenario -> fails(scenario.getExecutable()));

        assertThat(mutated.rendered.get()).as("queries that have the rule").isPositive();
        assertThat(isNoticed).as("a scenario fails").isTrue();
        noticed.incrementAndGet();
    }

    private static boolean fails(Executable scenario) {
        try {
            scenario.execute();
            return false;
        } catch (AssertionError e) {
            return true;
        } catch (Throwable e) {
            throw new IllegalStateException("The query is broken, and not its rule", e);
        }
    }

    /** For the summary of the build. */
    @AfterEach
    final void tell() {
        System.out.println("[summary] mutations of the SQL of " + dialect().name() + ": " + noticed + " of " + broken
                + " noticed");
    }

    private static final class Mutated implements SqlDialect {
        private final SqlDialect dialect;

        private final Pattern text;

        private final String replacement;

        private final AtomicInteger rendered = new AtomicInteger();

        Mutated(SqlDialect dialect, Mutation mutation) {
            this.dialect = dialect;
            this.text = Pattern.compile(mutation.text());
            this.replacement = mutation.replacement();
        }

        @Override
        public String name() {
            return "mutated " + dialect.name();
        }

        @Override
        public String render(TrainingSet set, TableNames tables) {
            String sql = dialect.render(set, tables);
            String changed = text.matcher(sql).replaceAll(replacement);
            if (!changed.equals(sql)) {
                rendered.incrementAndGet();
            }
            return changed;
        }
    }

    private static final class Suite extends OfflineStoreContract {
        private final MutatedSqlContract contract;

        private final SqlDialect mutated;

        Suite(MutatedSqlContract contract, SqlDialect mutated) {
            this.contract = contract;
            this.mutated = mutated;
        }

        @Override
        protected OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour) {
            return contract.openBackend(clock, behaviour, mutated);
        }
    }
}
