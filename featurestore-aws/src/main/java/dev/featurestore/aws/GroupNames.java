package dev.featurestore.aws;

import java.util.HashMap;
import java.util.Map;

/**
 * How groups are addressed: by name, or by ARN where the group belongs to another account. The service may answer with
 * either.
 */
final class GroupNames {
    private static final String RESOURCE = ":feature-group/";

    private final Map<String, String> arnsByName;

    private final Map<String, String> namesByArn = new HashMap<>();

    GroupNames(Map<String, String> arnsByName) {
        this.arnsByName = Map.copyOf(arnsByName);
        arnsByName.forEach((name, arn) -> namesByArn.put(arn, name));
    }

    /** What to send for a group. */
    String sent(String name) {
        return arnsByName.getOrDefault(name, name);
    }

    /** The group an answer is about: an ARN that was not sent is of the group it names. */
    String received(String nameOrArn) {
        String name = namesByArn.get(nameOrArn);
        return name != null ? name : nameOrArn.substring(endOf(RESOURCE, nameOrArn));
    }

    private static int endOf(String part, String text) {
        int start = text.startsWith("arn:") ? text.indexOf(part) : -1;
        return start < 0 ? 0 : start + part.length();
    }
}
