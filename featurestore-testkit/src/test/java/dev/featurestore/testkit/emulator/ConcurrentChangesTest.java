package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** Requests to the control plane that come at the same time. */
class ConcurrentChangesTest {
    private static final int REQUESTS = 8;

    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.start();

    private final Wire wire = new Wire(emulator);

    private final ExecutorService threads = Executors.newFixedThreadPool(REQUESTS);

    @BeforeEach
    void createGroup() {
        wire.control("CreateFeatureGroup", Groups.transactions("cards"));
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        emulator.close();
    }

    private List<HttpResponse<String>> atOnce(String operation, IntFunction<String> body) throws Exception {
        CyclicBarrier start = new CyclicBarrier(REQUESTS);
        List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            String text = body.apply(i);
            calls.add(() -> {
                start.await();
                return wire.control(operation, text);
            });
        }
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (Future<HttpResponse<String>> answer : threads.invokeAll(calls)) {
            answers.add(answer.get());
        }
        return answers;
    }

    private static long accepted(List<HttpResponse<String>> answers) {
        return answers.stream().filter(answer -> answer.statusCode() == 200).count();
    }

    @RepeatedTest(5)
    void eachUpdateThatIsAcceptedIsMade() throws Exception {
        List<HttpResponse<String>> answers = atOnce(
                "UpdateFeatureGroup",
                i -> "{'FeatureGroupName': 'cards', 'FeatureAdditions': [{'FeatureName': 'f" + i
                        + "', 'FeatureType': 'Integral'}]}");

        JsonNode group = Wire.json(wire.control("DescribeFeatureGroup", "{'FeatureGroupName': 'cards'}"));
        assertThat(group.path("LastUpdateStatus").path("Status").asText()).isEqualTo("Successful");
        assertThat(group.path("FeatureDefinitions")).hasSize(4 + (int) accepted(answers));
    }

    @RepeatedTest(5)
    void noNoteAndNoTagIsLost() throws Exception {
        assertThat(accepted(atOnce(
                        "UpdateFeatureMetadata",
                        i -> "{'FeatureGroupName': 'cards', 'FeatureName': 'amount', 'ParameterAdditions': [{'Key': 'k"
                                + i + "', 'Value': 'v'}]}")))
                .isEqualTo(REQUESTS);
        assertThat(accepted(atOnce(
                        "AddTags",
                        i -> "{'ResourceArn': 'arn:aws:sagemaker:us-east-1:000000000000:feature-group/cards', 'Tags':"
                                + " [{'Key': 't" + i + "', 'Value': 'v'}]}")))
                .isEqualTo(REQUESTS);

        assertThat(Wire.json(wire.control(
                                "DescribeFeatureMetadata", "{'FeatureGroupName': 'cards', 'FeatureName': 'amount'}"))
                        .path("Parameters"))
                .hasSize(REQUESTS);
        assertThat(Wire.json(wire.control(
                                "ListTags",
                                "{'ResourceArn': 'arn:aws:sagemaker:us-east-1:000000000000:feature-group/cards'}"))
                        .path("Tags"))
                .hasSize(REQUESTS);
    }

    @RepeatedTest(5)
    void oneOfManyDeletesAndOneOfManyCreatesIsAccepted() throws Exception {
        List<HttpResponse<String>> deletes = atOnce("DeleteFeatureGroup", i -> "{'FeatureGroupName': 'cards'}");
        List<HttpResponse<String>> creates = atOnce("CreateFeatureGroup", i -> Groups.transactions("cards"));

        assertThat(accepted(deletes)).isEqualTo(1);
        assertThat(accepted(creates)).isEqualTo(1);
        assertThat(deletes)
                .filteredOn(answer -> answer.statusCode() != 200)
                .allSatisfy(answer -> assertThat(answer.body()).contains("\"__type\":\"ResourceNotFound\""));
        assertThat(creates)
                .filteredOn(answer -> answer.statusCode() != 200)
                .allSatisfy(answer -> assertThat(answer.body()).contains("\"__type\":\"ResourceInUse\""));
    }
}
