package dev.featurestore.schema;

/**
 * The canonical wire text of numbers. Reading is strict: what the service would refuse is refused here, so that a text
 * means the same number on every path.
 */
final class WireText {
    private WireText() {}

    static String ofLong(long value) {
        return Long.toString(value);
    }

    /** Digits with an optional leading minus, within the range of a long. */
    static long parseLong(String text) {
        int length = text.length();
        int start = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        if (start == length) {
            throw notA("a whole number (digits with an optional leading '-')", text);
        }
        for (int i = start; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw notA("a whole number (digits with an optional leading '-')", text);
            }
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw notA("a whole number within 64 bits", text);
        }
    }

    /** Shortest-style decimal or scientific text that parses back to the same bits, the sign of zero included. */
    static String ofDouble(double value) {
        requireFinite(value);
        return Double.toString(value);
    }

    /** Decimal or scientific notation of a finite double; no hexadecimal, no suffix, no blanks, no NaN or infinity. */
    static double parseDouble(String text) {
        boolean digits = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = true;
            } else if (c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E') {
                throw notA("a decimal number", text);
            }
        }
        if (!digits) {
            throw notA("a decimal number", text);
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw notA("a decimal number", text);
        }
        if (!Double.isFinite(value)) {
            throw notA("a number within the range of a double", text);
        }
        return value;
    }

    static void requireFinite(double value) {
        if (!Double.isFinite(value)) {
            throw new UnstorableValueException("expected a finite number, got "
                    + (Double.isNaN(value) ? "NaN" : "an infinity")
                    + "; leave the feature out where there is no value");
        }
    }

    /** The value itself is never in the message. */
    static UnstorableValueException notA(String expected, String text) {
        return new UnstorableValueException(
                "expected " + expected + ", got a text of " + text.length() + " characters");
    }
}
