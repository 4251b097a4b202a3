package dev.featurestore.testkit.athena;

import dev.featurestore.testkit.athena.AthenaEngine.Written;
import dev.featurestore.testkit.athena.RunningQuery.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Amazon Athena as far as training sets need it: queries are started, go through their states on a clock, and are run by an
 * engine that is given; folders stand for buckets. Give it to a
 * {@link dev.featurestore.testkit.emulator.FeatureStoreEmulator} to reach it through AWS's client.
 *
 * <p>What it refuses throws an {@link IllegalArgumentException}, as the service's InvalidRequestException. Safe for use by many
 * threads.
 */
public final class EmulatedAthena implements AutoCloseable {
    private final AthenaEngine engine;

    private final InstantSource clock;

    private final S3Folders buckets;

    private final Duration queueTime;

    private final Duration runTime;

    private final Map<String, Workgroup> workgroups;

    private final ExecutorService threads;

    private final Map<String, RunningQuery> queries = new LinkedHashMap<>();

    /** Queries by the token of the request that started them. */
    private final Map<String, String> tokens = new HashMap<>();

    private final ArrayDeque<QueryFault> faults = new ArrayDeque<>();

    private EmulatedAthena(Builder builder) {
        this.engine = builder.engine;
        this.clock = builder.clock;
        this.buckets = new S3Folders(builder.buckets);
        this.queueTime = builder.queueTime;
        this.runTime = builder.runTime;
        this.workgroups = Map.copyOf(builder.workgroups);
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "emulated-athena");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts one on an engine, which stays the caller's. */
    public static Builder builder(AthenaEngine engine) {
        return new Builder(engine);
    }

    /**
     * A workgroup.
     *
     * @param outputLocation where results go that were given no place; null if there is none
     * @param bytesScannedCutoff more ends a query; null if nothing does
     */
    private record Workgroup(
            @Nullable String outputLocation, @Nullable Long bytesScannedCutoff) {}

    /**
     * Starts a query, unless a request of this token started one before.
     *
     * @param token null for none
     * @return the query's id
     */
    public synchronized String start(QueryRequest request, @Nullable String token) {
        String known = token == null ? null : tokens.get(token);
        if (known != null) {
            if (!query(known).request().equals(request)) {
                throw new IllegalArgumentException("Idempotent parameters do not match");
            }
            return known;
        }
        Workgroup workgroup = workgroups.get(request.workgroup());
        if (workgroup == null) {
            throw new IllegalArgumentException("WorkGroup is not found.");
        }
        String id = UUID.randomUUID().toString();
        queries.put(id, running(id, request, workgroup));
        if (token != null) {
            tokens.put(token, id);
        }
        return id;
    }

    private RunningQuery running(String id, QueryRequest request, Workgroup workgroup) {
        URI place = outputLocation(request, workgroup);
        ParsedStatement parsed;
        AthenaFailure refused = null;
        try {
            parsed = ParsedStatement.of(request.sql());
        } catch (AthenaFailure e) {
            parsed = new ParsedStatement.Update("");
            refused = e;
        }
        URI output = parsed instanceof ParsedStatement.Query ? place.resolve(id + ".csv") : place.resolve(id);
        QueryFault fault = faults.isEmpty() ? QueryFault.NONE : faults.remove();
        if (refused != null) {
            fault = QueryFault.failed(refused.reason());
        }
        ParsedStatement statement = parsed;
        AthenaStatement inner = new AthenaStatement(parsed.sql(), request, buckets::folder);
        return new RunningQuery(
                id,
                request,
                parsed,
                new RunningQuery.Times(clock.instant(), queueTime, runTime),
                fault,
                workgroup.bytesScannedCutoff(),
                output,
                new RunningQuery.Work(() -> threads.submit(() -> run(id, statement, inner, place)), inner::cancel));
    }

    private URI outputLocation(QueryRequest request, Workgroup workgroup) {
        String given = request.outputLocation() != null ? request.outputLocation() : workgroup.outputLocation();
        if (given == null) {
            throw new IllegalArgumentException("No output location provided. An output location is required either"
                    + " through the Workgroup result configuration setting or as an API input.");
        }
        URI location = URI.create(given.endsWith("/") ? given : given + "/");
        if (!buckets.has(location)) {
            throw new IllegalArgumentException("Unable to verify/create output bucket " + location.getAuthority());
        }
        return location;
    }

    private Outcome run(String id, ParsedStatement parsed, AthenaStatement statement, URI place) {
        try {
            if (parsed instanceof ParsedStatement.Query) {
                AthenaResult result = engine.query(statement);
                ResultFile.write(buckets.folder(place).resolve(id + ".csv"), result);
                return succeeded(result, null, null, result.bytesScanned());
            }
            if (parsed instanceof ParsedStatement.Unload unload) {
                Written written = engine.unload(statement, empty(unload.target()));
                return succeeded(
                        AthenaResult.NONE, written, manifest(id, place, unload.target()), written.bytesScanned());
            }
            if (parsed instanceof ParsedStatement.CreateTableAs create) {
                URI location = create.location() == null ? place.resolve("tables/" + id + "/") : create.location();
                Written written = engine.createTableAs(statement, create.name(), empty(location));
                return succeeded(AthenaResult.NONE, written, manifest(id, place, location), written.bytesScanned());
            }
            change(parsed, statement);
            return succeeded(AthenaResult.NONE, null, null, 0);
        } catch (AthenaFailure e) {
            return Outcome.ended(QueryState.FAILED, e.reason());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to a folder that stands for a bucket", e);
        }
    }

    private static Outcome succeeded(
            AthenaResult result, @Nullable Written written, @Nullable URI manifest, long scanned) {
        return new Outcome(QueryState.SUCCEEDED, null, result, written, manifest, scanned);
    }

    private void change(ParsedStatement parsed, AthenaStatement statement) {
        if (parsed instanceof ParsedStatement.CreateTable create) {
            engine.createTable(
                    statement, create.table(), buckets.folder(create.table().location()));
        } else if (parsed instanceof ParsedStatement.DropTable drop) {
            engine.dropTable(statement, drop.name(), drop.ifExists());
        } else {
            engine.update(statement);
        }
    }

    /** The folder of a target that holds nothing. */
    private Path empty(URI target) throws IOException {
        Path folder = buckets.folder(target);
        if (!S3Folders.files(folder).isEmpty()) {
            throw new AthenaFailure("HIVE_PATH_ALREADY_EXISTS: Target directory already exists: " + target
                    + ". You may need to manually clean the data at this location before retrying. Athena will not"
                    + " delete data in your account.");
        }
        return Files.createDirectories(folder);
    }

    /** Writes the list of the files at a target, one URI a line. */
    private URI manifest(String id, URI place, URI target) throws IOException {
        Path folder = buckets.folder(target);
        URI base = target.getPath().endsWith("/") ? target : URI.create(target + "/");
        String lines = S3Folders.files(folder).stream()
                .map(file -> base + folder.relativize(file).toString() + "\n")
                .collect(Collectors.joining());
        Path file = buckets.folder(place).resolve(id + "-manifest.csv");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, lines);
        return place.resolve(id + "-manifest.csv");
    }

    /** A query as it is now. */
    public QueryExecution get(String id) {
        return query(id).look(clock.instant());
    }

    /** Cancels a query, unless it has ended. */
    public void stop(String id) {
        query(id).stop(clock.instant());
    }

    private synchronized RunningQuery query(String id) {
        RunningQuery query = queries.get(id);
        if (query == null) {
            throw new IllegalArgumentException("QueryExecution " + id + " was not found");
        }
        return query;
    }

    /** The queries so far as they are now, in the order they were started. */
    public List<QueryExecution> queries() {
        List<RunningQuery> all;
        synchronized (this) {
            all = new ArrayList<>(queries.values());
        }
        return all.stream().map(query -> query.look(clock.instant())).toList();
    }

    /** What is unusual about the next query to be started, after those told of before. */
    public synchronized EmulatedAthena next(QueryFault fault) {
        faults.add(Objects.requireNonNull(fault, "fault"));
        return this;
    }

    /** Ends what is running. The engine stays open. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** The number of queries. */
    @Override
    public synchronized String toString() {
        return "emulated Athena with " + queries.size() + " queries";
    }

    /** Collects the parts of an emulated Athena. */
    public static final class Builder {
        private final AthenaEngine engine;
        private final Map<String, Path> buckets = new HashMap<>();
        private final Map<String, Workgroup> workgroups = new HashMap<>();
        private InstantSource clock = InstantSource.system();
        private Duration queueTime = Duration.ZERO;
        private Duration runTime = Duration.ZERO;

        private Builder(AthenaEngine engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
            workgroups.put(QueryRequest.PRIMARY, new Workgroup(null, null));
        }

        /** A folder that stands for a bucket. Results need one at least. */
        public Builder bucket(String name, Path folder) {
            buckets.put(name, folder.toAbsolutePath());
            return this;
        }

        /** A workgroup; {@code primary}, with no place for results, is there unless it is set. */
        public Builder workgroup(String name, @Nullable String outputLocation, @Nullable Long bytesScannedCutoff) {
            workgroups.put(name, new Workgroup(outputLocation, bytesScannedCutoff));
            return this;
        }

        /** Tells the time; the system's clock unless set. */
        public Builder clock(InstantSource instantSource) {
            this.clock = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** How long queries are queued, and how long they run at least, on the clock; not at all unless set. */
        public Builder times(Duration queued, Duration runs) {
            this.queueTime = Objects.requireNonNull(queued, "queued");
            this.runTime = Objects.requireNonNull(runs, "runs");
            return this;
        }

        /** The emulated service. */
        public EmulatedAthena build() {
            return new EmulatedAthena(this);
        }
    }
}
