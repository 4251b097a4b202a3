package dev.featurestore.testkit.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The tokens of the control plane's pages: where to go on. */
final class PageToken {
    private static final String PREFIX = "from:";

    private PageToken() {}

    static String of(int next) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((PREFIX + next).getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws WireError if it is not such a token */
    static int start(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return 0;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            if (text.startsWith(PREFIX)) {
                return Integer.parseUnsignedInt(text.substring(PREFIX.length()));
            }
        } catch (IllegalArgumentException e) {
            // not one of ours
        }
        throw WireErrors.validationException("The NextToken is not one that a page before returned");
    }
}
