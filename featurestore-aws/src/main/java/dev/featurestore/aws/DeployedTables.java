package dev.featurestore.aws;

import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.Deadline;
import dev.featurestore.sql.TableNames;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.DataCatalogConfig;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupResponse;

/** The tables that the deployed groups have in the data catalog; each group is asked once. */
final class DeployedTables implements TableNames {
    private final Supplier<SageMakerClient> client;

    private final Requests requests;

    private final GroupNames names;

    private final Map<String, List<String>> known = new ConcurrentHashMap<>();

    DeployedTables(Supplier<SageMakerClient> client, Requests requests, GroupNames names) {
        this.client = client;
        this.requests = requests;
        this.names = names;
    }

    @Override
    public List<String> of(FeatureGroup<?> group) {
        return known.computeIfAbsent(group.name(), this::describe);
    }

    private List<String> describe(String group) {
        DescribeFeatureGroupResponse described = requests.send(
                new ServiceErrors.Call("Looking up the offline table of feature group '" + group + "'", group, false),
                Deadline.none(),
                () -> client.get().describeFeatureGroup(describe -> describe.featureGroupName(names.sent(group))));
        DataCatalogConfig table = described.offlineStoreConfig() == null
                ? null
                : described.offlineStoreConfig().dataCatalogConfig();
        if (table == null || table.database() == null || table.tableName() == null) {
            throw new InvalidRequestException(
                    "Feature group '" + group
                            + "' has no table in the data catalog to train on: make one over its files,"
                            + " and name it with tables(…)",
                    group,
                    null,
                    null);
        }
        return List.of(table.database(), table.tableName());
    }

    @Override
    public String toString() {
        return "tables of the deployed groups";
    }
}
