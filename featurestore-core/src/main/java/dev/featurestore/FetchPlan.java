package dev.featurestore;

import dev.featurestore.FetchOptions.Reads;
import dev.featurestore.spi.BatchGetCommand;

/** Which requests a fetch makes, hedges and repeats aside. */
public final class FetchPlan {
    /**
     * Up to as many records are read one by one: 10,000 GetRecord a second over 500 BatchGetRecord a second. With more, a batch
     * leaves room for more fetches in the quota; with less it does not, and is slower.
     */
    static final int RECORDS_BY_GET = 20;

    private static final int GETS_PER_SECOND = 10_000;

    private static final int BATCHES_PER_SECOND = 500;

    private final int getRecords;

    private final int batchGetRecords;

    FetchPlan(int getRecords, int batchGetRecords) {
        this.getRecords = getRecords;
        this.batchGetRecords = batchGetRecords;
    }

    /** How many GetRecord it sends, at the same time. */
    public int getRecords() {
        return getRecords;
    }

    /** How many BatchGetRecord it sends. */
    public int batchGetRecords() {
        return batchGetRecords;
    }

    static FetchPlan of(Reads reads, int records) {
        int rest = records % BatchGetCommand.MAX_RECORDS;
        int batches = (records + BatchGetCommand.MAX_RECORDS - 1) / BatchGetCommand.MAX_RECORDS;
        return switch (reads) {
            case GET_RECORD -> new FetchPlan(records, 0);
            case BATCH_GET_RECORD -> new FetchPlan(0, batches);
            case BY_QUOTA ->
                rest > 0 && rest <= RECORDS_BY_GET ? new FetchPlan(rest, batches - 1) : new FetchPlan(0, batches);
        };
    }

    /** How many such fetches a second the documented quotas of an account allow; the service may have raised them. */
    public int fetchesPerSecond() {
        int byGets = getRecords == 0 ? Integer.MAX_VALUE : GETS_PER_SECOND / getRecords;
        int byBatches = batchGetRecords == 0 ? Integer.MAX_VALUE : BATCHES_PER_SECOND / batchGetRecords;
        return Math.min(byGets, byBatches);
    }

    /** Such as {@code 3 GetRecord at once, 0 BatchGetRecord; quotas allow 3333 such fetches a second}. */
    @Override
    public String toString() {
        return getRecords + " GetRecord at once, " + batchGetRecords + " BatchGetRecord; quotas allow "
                + fetchesPerSecond() + " such fetches a second";
    }
}
