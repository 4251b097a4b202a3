package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupNamesTest {
    private static final String ARN = "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/cards";

    private final GroupNames groups = new GroupNames(Map.of("cards", ARN));

    @Test
    void aGroupIsAddressedByItsArnWhereThereIsOne() {
        assertThat(groups.sent("cards")).isEqualTo(ARN);
        assertThat(groups.sent("devices")).isEqualTo("devices");
    }

    @Test
    void theServiceMayAnswerWithEither() {
        assertThat(groups.received(ARN)).isEqualTo("cards");
        assertThat(groups.received("cards")).isEqualTo("cards");
        assertThat(groups.received("devices")).isEqualTo("devices");
        assertThat(groups.received(ARN.replace("cards", "devices"))).isEqualTo("devices");
    }
}
