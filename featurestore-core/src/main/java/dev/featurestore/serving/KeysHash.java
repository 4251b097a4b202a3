package dev.featurestore.serving;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hash of a request's join keys: SHA-256 over the salt, then name and stored text of each key in the order of names, each
 * with its length before it. So it is the same on every host and for every order of keys.
 */
final class KeysHash {
    /** Of 256 bits half are kept: enough that no two keys of a log share one. */
    private static final int BYTES = 16;

    private final byte[] digest;

    private KeysHash(byte[] digest) {
        this.digest = digest;
    }

    static KeysHash of(String salt, Map<String, String> keys) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        add(sha, salt);
        new TreeMap<>(keys).forEach((name, text) -> {
            add(sha, name);
            add(sha, text);
        });
        return new KeysHash(sha.digest());
    }

    private static void add(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        sha.update(bytes);
    }

    /** Whether it is in a sample: a share of all hashes, whatever the keys look like. */
    boolean isWithin(double share) {
        // 53 bits are what a double tells apart; from the end, so that the text does not tell the share
        long bits = ByteBuffer.wrap(digest).getLong(digest.length - Long.BYTES) >>> 11;
        return bits * 0x1.0p-53 < share;
    }

    /** In hexadecimal. */
    String text() {
        return HexFormat.of().formatHex(digest, 0, BYTES);
    }
}
