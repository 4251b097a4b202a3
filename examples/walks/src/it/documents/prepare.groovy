// Makes a project of the code in the documents, as a reader would by copy and paste. Imports that the documents leave out, and
// what they call card and connect, are given here.
def page = { String path -> new File(root, path).getText('UTF-8').replace('\r\n', '\n') }
def blocks = { String text, String language ->
    // all blocks are matched first: the end of one looks like the beginning of one without a language
    (text =~ /(?ms)^```(\w*)\n(.*?)^```$/).findAll { it[1] == language }.collect { it[2] }
}
def one = { List<String> found, String what ->
    def fitting = found.findAll { it.contains(what) }
    assert fitting.size() == 1 : "expected one block with '$what', found ${fitting.size()}"
    fitting[0]
}
def write = { String path, String text ->
    File file = new File(basedir, path)
    file.parentFile.mkdirs()
    file.setText(text, 'UTF-8')
}
def quoted = { String text -> '"""\n' + text.replace('\\', '\\\\') + '"""' }

String imports = '''\
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.*;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.schema.*;
import dev.featurestore.spi.*;
import dev.featurestore.sql.SqlDialect;
import dev.featurestore.testkit.*;
import dev.featurestore.testkit.emulator.*;
import dev.featurestore.testkit.junit.*;
import dev.featurestore.testkit.law.*;
import dev.featurestore.training.*;
import dev.featurestore.view.*;
import java.io.*;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.*;
import java.util.*;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;

'''

// README.md
String readme = page('README.md')
write('src/main/java/Fraud.java', one(blocks(readme, 'java'), 'public final class Fraud '))
write('src/test/java/Example.java', one(blocks(readme, 'java'), 'public final class Example '))
def (lawImports, law) = one(blocks(readme, 'java'), 'new PointInTimeLaw(').split('\n\n', 2)
write('src/test/java/ReadmeLawTest.java', "${lawImports}\n\nclass ReadmeLawTest {\n${law}}\n")
write('src/test/java/ReadmeTest.java', imports + """\
class ReadmeTest {
    @Test
    void theExamplePrintsWhatTheReadmeSays(@TempDir Path folder) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Example.run(folder);
        } finally {
            System.setOut(out);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines(${quoted(one(blocks(readme, ''), 'trained ['))});
    }

    @Test
    void theQueryCanBeLookedAt(@TempDir Path folder) {
        try (LocalOfflineStore offline = LocalOfflineStore.at(folder);
                FeatureStore store =
                        InMemoryFeatureStore.builder().offlineStore(offline).build()) {
            TrainingSetClient training = store.view(Fraud.MODEL).trainingSet(Spine.table("labels"));
            ${one(blocks(readme, 'java'), 'SqlDialect.duckDb()')}
            assertThat(training.sql(SqlDialect.duckDb(), offline.tables())).contains("SELECT");
        }
    }
}
""")

// docs/definitions.md: members of a class, but for the definition that is wrong
String definitions = page('docs/definitions.md')
def code = blocks(definitions, 'java')
String wrong = one(code, '"cards-"')
write('src/test/java/DefinitionsTest.java', imports + """\
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

public class DefinitionsTest {
    public enum Channel { CHIP, ONLINE }

${(code - [wrong]).join('\n')}
    @Test
    void theGroupsAndTheViewAreValid() {
        assertThat(MODEL.columns().size()).isEqualTo(4);
        assertThat(MERCHANTS.features()).extracting(Feature::name)
                .containsExactly("merchant_id", "event_time", "payments7d", "chargeback_rate");
    }

    @Test
    void theWrongDefinitionHasTheProblemsOfThePage() {
        assertThat(catchThrowable(() -> {
            ${wrong}
        })).hasMessage(${quoted(blocks(definitions, '')[0])}.stripTrailing());
    }
}
""")

// docs/testing.md
def testing = blocks(page('docs/testing.md'), 'java')
String connect = one(testing, 'static FeatureStore connect')
write('src/test/java/Connected.java', imports + '''\
class Connected {
    static FeatureRecord card(String id, Instant time, long count) {
        return Fraud.CARDS
                .newRecord()
                .set(Fraud.CARD_ID, id)
                .set(Fraud.EVENT_TS, time)
                .setLong(Fraud.TXN_COUNT_60S, count)
                .build();
    }

''' + connect + '}\n')
(testing - [connect]).eachWithIndex { String block, int i ->
    def named = block =~ /(?m)^class (\w+) \{/
    String name = named ? named[0][1] : "Testing${i}Test"
    String text = named ? block.replace("class $name {", "class $name extends Connected {") : "class $name extends Connected {\n$block}\n"
    write("src/test/java/${name}.java", imports + text)
}
return true
