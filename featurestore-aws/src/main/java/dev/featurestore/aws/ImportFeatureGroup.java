package dev.featurestore.aws;

import dev.featurestore.FeatureStore;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.DefinitionSource;
import dev.featurestore.schema.DeployedFeatureGroup;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.regions.Region;

/**
 * Prints the Java source of the definition of a deployed group: {@code --group NAME [--package P] [--class C] [--region R]
 * [--endpoint URL]}. Region and credentials are the SDK's defaults unless given. Exits with 1 if the group cannot be read, and
 * with 2 if the arguments are wrong.
 */
public final class ImportFeatureGroup {
    private static final Set<String> OPTIONS = Set.of("--group", "--package", "--class", "--region", "--endpoint");

    private static final String USAGE =
            "Usage: ImportFeatureGroup --group NAME [--package P] [--class C] [--region R] [--endpoint URL]";

    private ImportFeatureGroup() {}

    /** The program. */
    public static void main(String[] args) {
        int status = run(
                List.of(args),
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8));
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        String group = options.get("--group");
        if (arguments.size() % 2 != 0 || group == null || !OPTIONS.containsAll(options.keySet())) {
            err.println(USAGE);
            return 2;
        }
        AwsFeatureStore.Builder builder = AwsFeatureStore.builder();
        if (options.containsKey("--region")) {
            builder.region(Region.of(options.get("--region")));
        }
        if (options.containsKey("--endpoint")) {
            builder.endpointOverride(URI.create(options.get("--endpoint")));
        }
        try (FeatureStore store = builder.build()) {
            DeployedFeatureGroup deployed = store.admin().describe(group);
            String packageName = options.getOrDefault("--package", "");
            String className = options.get("--class");
            out.print(
                    className == null
                            ? DefinitionSource.of(deployed, packageName)
                            : DefinitionSource.of(deployed, packageName, className));
            return 0;
        } catch (FeatureStoreException e) {
            err.println(e.getMessage());
            return 1;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println(USAGE);
            return 2;
        }
    }
}
