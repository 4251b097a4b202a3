package dev.featurestore.schema;

import java.io.Serializable;
import java.util.Objects;

/**
 * How the online store's capacity is paid for and limited.
 *
 * @param mode on demand, or provisioned
 * @param readCapacityUnits provisioned reads of 4 KB a second; 0 on demand
 * @param writeCapacityUnits provisioned writes of 1 KB a second; 0 on demand
 */
public record Throughput(Mode mode, int readCapacityUnits, int writeCapacityUnits) implements Serializable {
    /** The service's two modes. */
    public enum Mode {
        /** Paid by request. */
        ON_DEMAND,
        /** A fixed capacity, beyond which calls are throttled. */
        PROVISIONED
    }

    /** The mode must be there; the units are checked when the group is built. */
    public Throughput {
        Objects.requireNonNull(mode, "mode");
    }

    /** Paid by request, the service's default. */
    public static Throughput onDemand() {
        return new Throughput(Mode.ON_DEMAND, 0, 0);
    }

    /** A fixed capacity; each 0 to 40,000 units, checked when the group is built. */
    public static Throughput provisioned(int readCapacityUnits, int writeCapacityUnits) {
        return new Throughput(Mode.PROVISIONED, readCapacityUnits, writeCapacityUnits);
    }

    /** Such as {@code provisioned for 10 reads and 20 writes}. */
    @Override
    public String toString() {
        return switch (mode) {
            case ON_DEMAND -> "on demand";
            case PROVISIONED -> "provisioned for " + readCapacityUnits + " reads and " + writeCapacityUnits + " writes";
        };
    }
}
