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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

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
write('src/test/resources/junit-platform.properties', blocks(page('docs/testing.md'), 'properties')[0])
write('src/test/resources/META-INF/services/org.junit.jupiter.api.extension.Extension',
        one(blocks(page('docs/testing.md'), ''), 'OutputGuard'))

// docs/aws.md, docs/operations.md: what the SDK finds on AWS by itself it finds in properties, and the service is an emulator
def aws = blocks(page('docs/aws.md'), 'java')
assert aws.size() == 3
String operations = page('docs/operations.md')
def policies = blocks(operations, 'json').collect { new groovy.json.JsonSlurper().parseText(it) }
assert policies.size() == 3
def actions = { int n ->
    def all = policies[n].Statement.collectMany { [it.Action].flatten() }
    'List.of(' + all.collect { "\"$it\"" }.join(', ') + ')'
}
// in a sentence; the prefix stands once
String deployment = ((operations =~ /(?s)\*\*The deployment\*\*.*?\n\n/)[0] =~ /`(?:sagemaker:)?([A-Z][A-Za-z]+)`/)
        .collect { "\"sagemaker:${it[1]}\"" }.join(', ')
write('src/test/java/AwsTest.java', imports + """\
@EmulatorTest
class AwsTest extends Connected {
    AwsTest(URI endpoint) {
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", "any");
        System.setProperty("aws.secretAccessKey", "any");
        System.setProperty("aws.endpointUrl", endpoint.toString());
    }

    @BeforeEach
    void put(FeatureStoreEmulator emulator) {
        emulator.store().group(Fraud.CARDS).put(card("card-1", Instant.now(), 3));
    }

    @Test
    void theStoreFindsWhatItNeeds() {
        ${aws[0]}
        try (store) {
            assertThat(store.group(Fraud.CARDS).find("card-1")).isPresent();
        }
    }

    @Test
    void theStoreTakesClients() {
        try (SageMakerClient sageMaker = SageMakerClient.create()) {
            ${aws[1]}
            try (store; runtime) {
                assertThat(store.group(Fraud.CARDS).find("card-1")).isPresent();
                store.admin().verify(Fraud.CARDS);
            }
        }
    }

    @Test
    void theStoreNeedNotBlock() {
        ${aws[2]}
        try (store; runtime) {
            assertThat(card.join()).isPresent();
        }
    }

    @Test
    void aGroupOfAnotherAccountIsCalledByItsArn(FeatureStoreEmulator emulator) {
        ${blocks(operations, 'java')[0]}
        try (store) {
            // the emulator has no such account
            assertThat(catchThrowable(() -> store.group(Fraud.CARDS).find("card-1")))
                    .isInstanceOf(dev.featurestore.errors.FeatureGroupNotFoundException.class);
        }
        assertThat(emulator.requests()).isNotEmpty().allSatisfy(
                request -> assertThat(request.group()).startsWith("arn:aws:sagemaker:eu-west-1:123456789012:"));
    }

    private static Set<String> calls(FeatureStoreEmulator emulator) {
        return emulator.requests().stream()
                .map(request -> "sagemaker:" + request.operation())
                .collect(Collectors.toSet());
    }

    @Test
    void theWriterMayMakeTheCallsThatItMakes(FeatureStoreEmulator emulator) {
        try (FeatureStore store = connect(emulator.endpoint())) {
            FeatureGroupClient<FeatureRecord> cards = store.group(Fraud.CARDS);
            store.admin().verify(Fraud.CARDS);
            cards.put(card("card-2", Instant.now(), 3));
            cards.find("card-2");
            cards.findAll(List.of("card-1", "card-2"));
            cards.delete("card-2", Instant.now());
        }
        assertThat(calls(emulator)).containsExactlyInAnyOrderElementsOf(${actions(0)});
    }

    @Test
    void theEndpointMayMakeTheCallsThatItMakes(FeatureStoreEmulator emulator) {
        try (FeatureStore store = connect(emulator.endpoint())) {
            store.admin().verifyForReading(Fraud.CARDS);
            for (FetchOptions.Reads reads : FetchOptions.Reads.values()) {
                store.view(Fraud.MODEL, FetchOptions.defaults().withReads(reads)).fetch(Map.of("card_id", "card-1"));
            }
        }
        assertThat(calls(emulator)).containsExactlyInAnyOrderElementsOf(${actions(1)});
    }

    @Test
    void theTrainingJobMayMakeCallsThatThereAre() {
        assertThat(${actions(2)}.stream()
                        .filter(action -> action.startsWith("athena:"))
                        .map(action -> action.substring("athena:".length())))
                .hasSize(4)
                .isSubsetOf(operations(software.amazon.awssdk.services.athena.AthenaClient.class));
    }

    @Test
    void theDeploymentMayMakeTheCallsThatItMakes(FeatureStoreEmulator emulator) {
        FeatureGroup.Builder<FeatureRecord> group = FeatureGroup.named("deployed")
                .recordIdentifier(Fraud.CARD_ID)
                .eventTime(Fraud.EVENT_TS)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                .roleArn("arn:aws:iam::123456789012:role/features")
                .tag("team", "fraud");
        try (FeatureStore store = connect(emulator.endpoint())) {
            store.admin().apply(group.build());
            store.admin().apply(group.features(Feature.integral("count").withDescription("of payments"))
                    .tag("stage", "test")
                    .build());
            store.admin().backend().removeTags("deployed", Set.of("stage"));
            store.admin().list();
            store.admin().delete("deployed");
        }
        assertThat(calls(emulator)).containsExactlyInAnyOrder(${deployment});
    }

    private static Set<String> operations(Class<?> client) {
        return Arrays.stream(client.getMethods())
                .map(method -> method.getName().substring(0, 1).toUpperCase(Locale.ROOT) + method.getName().substring(1))
                .collect(Collectors.toSet());
    }
}
""")

// docs/schema-changes.md
String changes = page('docs/schema-changes.md')
def (planned, verified, checked, imported, staged) = blocks(changes, 'java')
write('src/test/java/SchemaChangesTest.java', imports + """\
@ExtendWith(FeatureStoreExtension.class)
class SchemaChangesTest {
    @Test
    void theGroupBecomesAsDefined(InMemoryFeatureStore store) {
        ${planned}
        ${verified}
        inCi(admin);
        assertThat(admin.plan(Fraud.CARDS).isEmpty()).isTrue();
        ${imported}
        assertThat(source).contains("package com.example.features;", "class CardFeaturesV3 ", "TXN_COUNT_60S", " GROUP");
    }

    private static void inCi(AdminClient admin) {
        ${checked}
    }

    @Test
    void anotherStageIsTheSameGroupElsewhere() {
        ${staged}
        assertThat(live.features()).isEqualTo(Fraud.CARDS.features());
        assertThat(live.offlineStore().orElseThrow().s3Uri()).isEqualTo("s3://live-features/offline");
    }

    @Test
    void whatCannotChangeIsTold(InMemoryFeatureStore store) {
        FeatureGroup.Builder<FeatureRecord> cards = FeatureGroup.named("cards_v3")
                .recordIdentifier(Fraud.CARD_ID)
                .eventTime(Fraud.EVENT_TS);
        store.admin().apply(cards.features(Feature.integral("count"))
                .onlineStore(online -> online.ttl(Duration.ofDays(30)))
                .build());
        FeatureGroup<FeatureRecord> other = FeatureGroup.named("cards_v3")
                .recordIdentifier(Fraud.CARD_ID)
                .eventTime(Fraud.EVENT_TS)
                .features(Feature.string("count"))
                .onlineStore(online -> online.ttl(Duration.ofDays(90)))
                .build();

        assertThat(store.admin().plan(other)).hasToString(${quoted(one(blocks(changes, ''), 'forbidden'))}.stripTrailing());
    }
}
""")

// docs/quickstart.md, over the definitions of the examples, and docs/semantics.md
File fraud = new File(root, 'examples/fraud-definitions/src/main/java/dev/featurestore/examples/fraud/Fraud.java')
write('src/test/java/dev/featurestore/examples/fraud/Fraud.java', fraud.getText('UTF-8'))
write('src/test/java/Compiled.java', imports + """\
class Compiled {
    static final class Quickstart {
        private static final class Fraud {
            static final FeatureView MODEL_V1 = dev.featurestore.examples.fraud.Fraud.MODEL_V1;
        }

        static void train(FeatureStore store, URI labels, URI target) {
            ${one(blocks(page('docs/quickstart.md'), 'java'), 'MODEL_V1')}
        }
    }

    static void check(FeatureStore store) {
        ${blocks(page('docs/semantics.md'), 'java')[0]}
    }
}
""")

// the dependencies of README.md are those of this project
def given = new groovy.xml.XmlSlurper().parse(new File(basedir, 'pom.xml')).dependencies.dependency
        .collect { "$it.artifactId $it.scope" as String }
def asked = new groovy.xml.XmlSlurper().parseText("<project>${blocks(readme, 'xml')[0]}</project>").dependencies.dependency
        .collect { "$it.artifactId $it.scope" as String }
assert asked.size() == 4 && given.containsAll(asked)
return true
