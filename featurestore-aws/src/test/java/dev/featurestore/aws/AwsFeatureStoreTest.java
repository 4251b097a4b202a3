package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;

class AwsFeatureStoreTest {
    private static final String ARN = "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/cards";

    private final AwsFeatureStore.Builder builder = AwsFeatureStore.builder();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cards",
                "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/",
                ARN + "s",
                "arn:aws:s3:::cards"
            })
    void anArnIsOfTheGroupItIsGivenFor(String other) {
        assertThatNoException().isThrownBy(() -> builder.groupArn("cards", ARN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.groupArn("cards", other))
                .withMessageContaining("ends with ':feature-group/cards'");
    }

    @Test
    void timeoutsArePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder.callTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.groupTimeout(Duration.ofSeconds(-1)));
    }

    @Test
    void eachStoreOfOneBuilderHasItsOwnAthenaClient() {
        List<AthenaOfflineStore.Builder> asked = new ArrayList<>();
        builder.region(Region.EU_WEST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .athena(athena -> {
                    assertThat(athena.hasClient()).isFalse();
                    asked.add(athena.outputLocation("s3://bucket/results/"));
                });

        builder.build().close();
        builder.build().close();

        assertThat(asked).hasSize(2).doesNotHaveDuplicates();
    }
}
