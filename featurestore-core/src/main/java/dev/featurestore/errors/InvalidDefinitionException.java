package dev.featurestore.errors;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of a definition do not fit together or break a limit of the service. Names every problem found, not the first. */
public final class InvalidDefinitionException extends FeatureStoreException {
    private static final long serialVersionUID = 1L;

    /** Serializable by construction: {@link List#copyOf} of strings. */
    @SuppressWarnings("serial")
    private final List<String> problems;

    /**
     * @param subject what was being defined, such as {@code Feature group 'payments'}
     * @param problems one sentence each; at least one
     */
    public InvalidDefinitionException(String subject, List<String> problems) {
        this(subject, problems, null);
    }

    /**
     * @param subject what was being defined
     * @param problems one sentence each; at least one
     * @param featureGroupName the group concerned; null if the definition is of something else
     */
    public InvalidDefinitionException(String subject, List<String> problems, @Nullable String featureGroupName) {
        super(ErrorCode.INVALID_DEFINITION, message(subject, problems), featureGroupName, null, null);
        this.problems = List.copyOf(problems);
    }

    /** Every problem found, in the order of the definition; never empty. */
    public List<String> problems() {
        return problems;
    }

    private static String message(String subject, List<String> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("An invalid definition needs at least one problem");
        }
        if (problems.size() == 1) {
            return subject + " is not valid: " + problems.get(0);
        }
        StringBuilder text = new StringBuilder(subject)
                .append(" is not valid, ")
                .append(problems.size())
                .append(" problems:");
        for (String problem : problems) {
            text.append("\n  - ").append(problem);
        }
        return text.toString();
    }
}
