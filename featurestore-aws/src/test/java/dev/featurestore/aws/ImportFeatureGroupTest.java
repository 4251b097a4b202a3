package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.testkit.emulator.EmulatorBehaviour;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImportFeatureGroupTest {
    private final FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
            .behaviour(EmulatorBehaviour.defaults().withDescribePageSize(2))
            .start();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void giveCredentials() {
        System.setProperty("aws.accessKeyId", "key");
        System.setProperty("aws.secretAccessKey", "secret");
    }

    @AfterEach
    void close() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        emulator.close();
    }

    private int run(String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(more));
        arguments.addAll(List.of(
                "--region", "us-east-1", "--endpoint", emulator.endpoint().toString()));
        return ImportFeatureGroup.run(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void printsTheSourceWithTheFeaturesOfAllPages() {
        emulator.store()
                .admin()
                .apply(FeatureGroup.named("cards")
                        .recordIdentifier(Feature.string("card_id"))
                        .eventTime(Feature.eventTime("event_ts"))
                        .features(Feature.integral("count"), Feature.fractional("amount"), Feature.string("country"))
                        .onlineStore()
                        .build());

        assertThat(run("--group", "cards", "--package", "com.example", "--class", "Payments"))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("package com.example;\n")
                .contains("public final class Payments {")
                .contains("Feature<String> COUNTRY = Feature.string(\"country\");");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void tellsWhatIsWrong() {
        assertThat(run("--group", "nowhere")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Describing feature group 'nowhere'");

        assertThat(run("--grop", "cards")).isEqualTo(2);
        assertThat(run("--group")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Usage: ");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
