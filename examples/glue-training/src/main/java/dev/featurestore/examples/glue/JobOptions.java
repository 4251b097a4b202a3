package dev.featurestore.examples.glue;

import java.util.HashMap;
import java.util.Map;

/** The arguments of a Glue job: {@code --name value}, among them some of Glue's own. */
record JobOptions(Map<String, String> values) {
    static JobOptions of(String... args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].startsWith("--")) {
                values.put(args[i].substring(2), args[i + 1]);
            }
        }
        return new JobOptions(values);
    }

    /** @throws IllegalArgumentException if it is missing; it is named */
    String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The job needs an argument --" + name);
        }
        return value;
    }

    /** The same with one more. */
    JobOptions with(String name, String value) {
        Map<String, String> more = new HashMap<>(values);
        more.put(name, value);
        return new JobOptions(more);
    }
}
