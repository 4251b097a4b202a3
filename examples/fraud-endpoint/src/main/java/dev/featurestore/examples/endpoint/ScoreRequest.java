package dev.featurestore.examples.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * A payment to be scored.
 *
 * @param amount finite, zero or more
 */
record ScoreRequest(String cardId, String merchantId, double amount) {
    private static final int MAX_IDENTIFIER = 128;

    /**
     * Reads the body of a request; members that it does not know are passed over.
     *
     * @throws BadRequestException if it is not such a payment
     */
    static ScoreRequest parse(byte[] body) {
        JsonNode json = tree(body);
        if (!json.isObject()) {
            throw new BadRequestException("The body: expected a JSON object, got " + kind(json) + ".");
        }
        return new ScoreRequest(identifier(json, "card_id"), identifier(json, "merchant_id"), amount(json));
    }

    /** The keys of the view. */
    Map<String, String> keys() {
        return Map.of("card_id", cardId, "merchant_id", merchantId);
    }

    private static JsonNode tree(byte[] body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            // its message quotes the body
            throw new BadRequestException(
                    "The body is not JSON: see line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ".");
        } catch (IOException e) {
            throw new BadRequestException("The body is not JSON.");
        }
    }

    private static String identifier(JsonNode json, String name) {
        JsonNode node = json.path(name);
        if (!node.isTextual()) {
            throw new BadRequestException(name + ": expected a text, got " + kind(node) + ".");
        }
        String text = node.textValue();
        if (text.isBlank() || text.length() > MAX_IDENTIFIER) {
            throw new BadRequestException(name + ": expected a text of 1 to " + MAX_IDENTIFIER + " characters, got "
                    + text.length() + (text.isBlank() ? " blank ones." : "."));
        }
        return text;
    }

    private static double amount(JsonNode json) {
        JsonNode node = json.path("amount");
        if (!node.isNumber()) {
            throw new BadRequestException("amount: expected a number, got " + kind(node) + ".");
        }
        double amount = node.doubleValue();
        if (!(amount >= 0 && amount < Double.POSITIVE_INFINITY)) {
            throw new BadRequestException("amount: expected a finite number, zero or more.");
        }
        return amount;
    }

    private static String kind(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /** No values. */
    @Override
    public String toString() {
        return "a payment to be scored";
    }
}
