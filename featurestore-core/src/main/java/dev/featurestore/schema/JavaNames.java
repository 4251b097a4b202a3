package dev.featurestore.schema;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names and literals of Java for names and texts of the service; constants of one class differ from each other. */
final class JavaNames {
    private static final Set<String> KEYWORDS =
            Set.of(("_ abstract assert boolean break byte case catch char class const"
                            + " continue default do double else enum extends false final finally float for goto if implements"
                            + " import instanceof int interface long native new null package permits private protected public"
                            + " record return sealed short static strictfp super switch synchronized this throw throws transient"
                            + " true try var void volatile while yield")
                    .split(" "));

    /** Classes that a definition uses by their simple names. */
    private static final Set<String> USED =
            Set.of(("String Long Double List Set Instant Feature FeatureGroup FeatureRecord"
                            + " OnlineStorageType OfflineStoreSettings Throughput Ttl EventTimeFormat")
                    .split(" "));

    private final Set<String> taken = new HashSet<>();

    JavaNames(String reserved) {
        taken.add(reserved);
    }

    /** {@code txn-count} to {@code TXN_COUNT}, {@code amountRatio7d} to {@code AMOUNT_RATIO7D}; numbered if taken. */
    String constant(String name) {
        StringBuilder constant = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (i > 0 && Character.isUpperCase(c) && Character.isLowerCase(name.charAt(i - 1))) {
                constant.append('_');
            }
            constant.append(c == '-' ? '_' : c);
        }
        String upper = constant.toString().toUpperCase(Locale.ROOT);
        String first = Character.isDigit(upper.charAt(0)) ? "F_" + upper : upper;
        String free = first;
        for (int n = 2; !taken.add(free); n++) {
            free = first + "_" + n;
        }
        return free;
    }

    /** {@code card_features-v3} to {@code CardFeaturesV3}. */
    static String className(String name) {
        StringBuilder result = new StringBuilder();
        boolean beginsWord = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean separates = c == '-' || c == '_';
            if (!separates) {
                result.append(beginsWord ? Character.toUpperCase(c) : c);
            }
            beginsWord = separates;
        }
        if (Character.isDigit(result.charAt(0))) {
            result.insert(0, "Group");
        }
        return USED.contains(result.toString()) ? result + "Definition" : result.toString();
    }

    static void requireClass(String name) {
        if (!isIdentifier(name) || USED.contains(name)) {
            throw new IllegalArgumentException("A definition cannot be in a class named '" + name
                    + "': it is no name for a class, or a class that every definition uses");
        }
    }

    static void requirePackage(String name) {
        if (name.isEmpty()) {
            return;
        }
        for (String part : name.split("\\.", -1)) {
            if (!isIdentifier(part)) {
                throw new IllegalArgumentException("A package cannot be named '" + name + "'");
            }
        }
    }

    private static boolean isIdentifier(String name) {
        return !name.isEmpty()
                && Character.isJavaIdentifierStart(name.charAt(0))
                && name.chars().allMatch(Character::isJavaIdentifierPart)
                && !KEYWORDS.contains(name);
    }

    /** In quotes, all of it ASCII. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < ' ') {
                // not as a Unicode escape: the compiler would read a line's end there
                literal.append(String.format(Locale.ROOT, "\\%03o", (int) c));
            } else if (c > '~') {
                literal.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                literal.append(c);
            }
        }
        return literal.append('"').toString();
    }
}
