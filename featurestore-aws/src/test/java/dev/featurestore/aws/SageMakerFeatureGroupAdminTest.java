package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.errors.InvalidRequestException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.DeleteFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteFeatureGroupResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupResponse;
import software.amazon.awssdk.services.sagemaker.model.FeatureGroupStatus;

class SageMakerFeatureGroupAdminTest {
    private static final String ARN = "arn:aws:sagemaker:us-east-1:123456789012:feature-group/shared";

    private final Failing client = new Failing();

    private final SageMakerFeatureGroupAdmin admin = new SageMakerFeatureGroupAdmin(
            () -> client,
            () -> new Requests(RetryPolicy.never(), pause -> {}, AsyncSleeper.system(), () -> 1.0),
            new GroupNames(Map.of("shared", ARN)),
            pause -> {},
            () -> 0L,
            Duration.ofMinutes(1));

    /** The service cannot delete: no emulator does that. */
    private static final class Failing implements SageMakerClient {
        private final List<String> requests = new ArrayList<>();

        @Override
        public DescribeFeatureGroupResponse describeFeatureGroup(DescribeFeatureGroupRequest request) {
            requests.add("describe " + request.featureGroupName());
            return DescribeFeatureGroupResponse.builder()
                    .featureGroupStatus(FeatureGroupStatus.DELETE_FAILED)
                    .build();
        }

        @Override
        public DeleteFeatureGroupResponse deleteFeatureGroup(DeleteFeatureGroupRequest request) {
            requests.add("delete " + request.featureGroupName());
            return DeleteFeatureGroupResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @Test
    void aDeletionThatFailedIsNotWaitedFor() {
        assertThatThrownBy(() -> admin.delete("cards"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("'cards' was not deleted: its status is DeleteFailed");
        assertThat(client.requests).containsExactly("delete cards", "describe cards");
    }

    @Test
    void aGroupOfAnotherAccountIsLookedUpByItsArnAndLeftAlone() {
        assertThat(admin.exists("shared")).isTrue();

        assertThatThrownBy(() -> admin.delete("shared"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Cannot delete feature group 'shared'");
        assertThatThrownBy(() -> admin.create(FaultyService.group("shared")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Cannot create feature group 'shared'");
        assertThat(client.requests).containsExactly("describe " + ARN);
    }
}
