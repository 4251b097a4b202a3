package dev.featurestore.view;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** The fingerprint of a view. Every part goes in with its length, so that no two definitions run into one text. */
final class Fingerprint {
    private static final String VERSION = "featurestore/fingerprint/1";

    private final StringBuilder text = new StringBuilder(VERSION);

    private Fingerprint() {}

    static String of(List<GroupSelection> selections) {
        Fingerprint fingerprint = new Fingerprint();
        for (GroupSelection selection : selections) {
            fingerprint.add("group").add(selection.group().name());
            fingerprint.add("key").add(selection.joinKey());
            fingerprint
                    .add("maxAge")
                    .add(selection.maxAge().map(Duration::toString).orElse("none"));
            // left out where there is none: what was stamped before there was a staleness is still right
            selection
                    .maxStaleness()
                    .ifPresent(limit -> fingerprint.add("maxStaleness").add(limit.toString()));
            for (GroupSelection.Column column : selection.columns()) {
                fingerprint.add("column").add(column.name());
                fingerprint.add(column.feature().name());
                fingerprint.add(column.feature().type().wireName());
                fingerprint.add(column.feature().codec().name());
                fingerprint.add(column.feature()
                        .defaultText()
                        .map(value -> "default " + value)
                        .orElse("none"));
            }
        }
        return fingerprint.sha256();
    }

    private Fingerprint add(String part) {
        text.append('\n').append(part.length()).append(':').append(part);
        return this;
    }

    private String sha256() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
