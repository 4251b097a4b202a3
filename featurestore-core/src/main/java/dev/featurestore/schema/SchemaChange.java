package dev.featurestore.schema;

import java.util.Objects;

/**
 * One thing in which a deployed group differs from its definition.
 *
 * @param kind what differs
 * @param subject the name of the feature, or the key of the tag; empty where the kind says it all
 * @param text what differs, and for a forbidden change what to do instead, in one sentence without values of tags
 */
public record SchemaChange(Kind kind, String subject, String text) {
    /** Whether a difference can be taken away by changing the deployed group. */
    public enum Verdict {
        /** The service can make the deployed group as the definition is. */
        ADDITIVE,
        /** It cannot: a new version of the group is needed, or another definition. */
        FORBIDDEN,
        /** It cannot, and nothing depends on it: the deployed group stays as it is. */
        LEFT_ALONE
    }

    /** What can differ. */
    public enum Kind {
        /** How the capacity is paid for and limited. */
        THROUGHPUT(Verdict.ADDITIVE, false),
        /** From Standard to Standard_V2. */
        STORAGE_UPGRADE(Verdict.ADDITIVE, false),
        /** Set, changed or removed; for records that are written afterwards. */
        TIME_TO_LIVE(Verdict.ADDITIVE, true),
        /** A feature that is defined and not deployed. */
        NEW_FEATURE(Verdict.ADDITIVE, true),
        /** A feature's description. */
        FEATURE_DESCRIPTION(Verdict.ADDITIVE, false),
        /** A tag that is defined and not deployed, or has another value. */
        TAG(Verdict.ADDITIVE, false),
        /** The group's status does not allow a change. */
        STATUS(Verdict.FORBIDDEN, true),
        /** A feature that is deployed and not defined. */
        UNDEFINED_FEATURE(Verdict.FORBIDDEN, true),
        /** A feature's type, collection or dimension. */
        FEATURE_TYPE(Verdict.FORBIDDEN, true),
        /** Which feature identifies a record. */
        RECORD_IDENTIFIER(Verdict.FORBIDDEN, true),
        /** Which feature is the event time. */
        EVENT_TIME(Verdict.FORBIDDEN, true),
        /** An online store too many or missing. */
        ONLINE_STORE(Verdict.FORBIDDEN, true),
        /** An offline store too many or missing. */
        OFFLINE_STORE(Verdict.FORBIDDEN, true),
        /** Any other change of the storage type. */
        STORAGE_TYPE(Verdict.FORBIDDEN, true),
        /** The key of a store. */
        KMS_KEY(Verdict.FORBIDDEN, false),
        /** Where the offline store is. */
        S3_URI(Verdict.FORBIDDEN, false),
        /** The format of the offline store's table. */
        TABLE_FORMAT(Verdict.FORBIDDEN, false),
        /** Who makes the offline store's table, and its names. */
        CATALOG_TABLE(Verdict.FORBIDDEN, false),
        /** The role with which the service writes. */
        ROLE(Verdict.FORBIDDEN, false),
        /** The description of the group. */
        DESCRIPTION(Verdict.LEFT_ALONE, false);

        private final Verdict verdict;

        private final boolean forPrograms;

        Kind(Verdict verdict, boolean forPrograms) {
            this.verdict = verdict;
            this.forPrograms = forPrograms;
        }

        /** Whether it can be changed. */
        public Verdict verdict() {
            return verdict;
        }

        /** Whether programs that read and write records by the definition are concerned, or the operation of it alone. */
        public boolean concernsPrograms() {
            return forPrograms;
        }
    }

    /** All of it must be there. */
    public SchemaChange {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(text, "text");
    }

    /** The line of a plan: {@code +} adds, {@code ~} changes, {@code !} is forbidden, {@code #} is left alone. */
    @Override
    public String toString() {
        return switch (kind.verdict()) {
            case ADDITIVE -> (kind == Kind.NEW_FEATURE ? "+ " : "~ ") + text;
            case FORBIDDEN -> "! " + text;
            case LEFT_ALONE -> "# " + text;
        };
    }
}
