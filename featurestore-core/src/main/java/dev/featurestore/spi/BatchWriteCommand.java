package dev.featurestore.spi;

import java.util.List;
import java.util.Objects;

/**
 * Writes several records in one request, each as a put of its own.
 *
 * @param puts one for each record, of any groups; no two of one identifier of one group, since it is not documented which of
 *     them the service would keep. Their own deadlines do not count
 * @param deadline when the call must have ended
 */
public record BatchWriteCommand(List<PutCommand> puts, Deadline deadline) {
    /** The service's limit of records in one request. */
    public static final int MAX_RECORDS = 25;

    /** Copies the list. */
    public BatchWriteCommand {
        puts = List.copyOf(puts);
        Objects.requireNonNull(deadline, "deadline");
    }
}
