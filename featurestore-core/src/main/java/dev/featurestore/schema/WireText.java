package dev.featurestore.schema;

/**
 * The canonical wire text of numbers. Reading is strict: what the service would refuse is refused here, so that a text
 * means the same number on every path.
 */
final class WireText {
    /** Those that a double holds exactly. */
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** Every whole number up to this one is a double. */
    private static final long MAX_EXACT = 1L << 53;

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
        double plain = parsePlain(text);
        return Double.isNaN(plain) ? parseAny(text) : plain;
    }

    /**
     * The double of plain decimal text with few enough digits, and NaN for any other text: digits and power of ten are
     * exact then, and their quotient is rounded once, to the nearest double. Most numbers are such, and cost no object.
     */
    private static double parsePlain(String text) {
        int length = text.length();
        int start = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        int point = -1;
        long number = 0;
        for (int i = start; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.' && point < 0) {
                point = i;
            } else if (c >= '0' && c <= '9' && number < MAX_EXACT / 10) {
                number = number * 10 + (c - '0');
            } else {
                return Double.NaN;
            }
        }
        int decimals = point < 0 ? 0 : length - 1 - point;
        boolean digits = length - start > (point < 0 ? 0 : 1);
        if (!digits || decimals >= POWERS_OF_TEN.length) {
            return Double.NaN;
        }
        double value = number / POWERS_OF_TEN[decimals];
        return start == 1 ? -value : value;
    }

    private static double parseAny(String text) {
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
