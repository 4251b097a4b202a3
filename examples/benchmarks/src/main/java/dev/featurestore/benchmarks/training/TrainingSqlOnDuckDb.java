package dev.featurestore.benchmarks.training;

import java.io.IOException;
import java.sql.SQLException;

/**
 * What does the library's query cost on DuckDB beside those written by hand? Arguments are those of {@link Contests#run}, then
 * the limit of memory in megabytes.
 */
public final class TrainingSqlOnDuckDb {
    private TrainingSqlOnDuckDb() {}

    /** Runs contests. */
    public static void main(String[] args) throws SQLException, IOException {
        int memoryMb = args.length > 2 ? Integer.parseInt(args[2]) : 8000;
        new Contests(1_000_000)
                .with("wide", new Workload(3, 300_000, 20, 30_000, 200))
                .with("large", new Workload(1, 10_000_000, 20, 1_000_000, 10))
                .run(args, (files, scratch) -> new DuckDbSqlEngine(files, scratch, memoryMb));
    }
}
