package dev.featurestore.ingest;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.schema.FeatureRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A record that was not written, or not known to be. It names the record without telling it.
 *
 * @param position in the source, from 0
 * @param identifierHash the first 16 hex digits of the SHA-256 of the identifier's wire text, to find the record by; empty if
 *     the row could not be mapped. It is no secret: who can list all identifiers can find the one
 * @param code what kind of failure; {@code WRITE_OUTCOME_UNKNOWN} if it may be stored all the same
 * @param reason what was said, without a value or an identifier
 */
public record FailedRecord(long position, String identifierHash, ErrorCode code, String reason) {
    private static final int HASH_BYTES = 8;

    static FailedRecord of(long position, @Nullable FeatureRecord record, ErrorCode code, String reason) {
        return new FailedRecord(position, record == null ? "" : hash(record.recordIdentifier()), code, reason);
    }

    static String hash(String identifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identifier.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
