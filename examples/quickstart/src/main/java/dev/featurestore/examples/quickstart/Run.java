package dev.featurestore.examples.quickstart;

import dev.featurestore.FeatureStore;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.PointInTime;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One run from the payments to the report. */
final class Run {
    private final @Nullable InputOptions input;
    private final GeneratorOptions generator;
    private final Backend backend;
    private final TrainingEngine engine;
    private final Lag lag;
    private final long seed;
    private final OutputFolder folder;
    private final Progress progress;
    private final long start = System.nanoTime();

    /** @param input the file to play; null to make up payments */
    Run(
            @Nullable InputOptions input,
            GeneratorOptions generator,
            Backend backend,
            TrainingEngine engine,
            Lag lag,
            long seed,
            OutputFolder folder,
            Progress progress) {
        this.input = input;
        this.generator = generator;
        this.backend = backend;
        this.engine = engine;
        this.lag = lag;
        this.seed = seed;
        this.folder = folder;
        this.progress = progress;
    }

    /** Does everything and puts the results in their place. */
    Report run() {
        Report report;
        try (Workbench workbench = new Workbench(folder.scratch())) {
            Payments payments = payments(workbench);
            ManualClock clock = ManualClock.startingAt(payments.start());
            try (LocalOfflineStore offline = LocalOfflineStore.builder(folder.file(OutputFolder.OFFLINE_STORE))
                            .clock(clock)
                            .build();
                    TrainingEngine.Running training = start(offline);
                    FeatureStore store = backend.open(clock, offline, training.store())) {
                progress.begin("Creating feature groups");
                store.admin().apply(Fraud.CARDS);
                store.admin().apply(Fraud.MERCHANTS);
                Simulation simulation = play(workbench, payments, store, clock);
                report = compare(workbench, payments, store, training, offline, simulation);
            }
        }
        folder.publish();
        return report.after(Duration.ofNanos(System.nanoTime() - start));
    }

    private TrainingEngine.Running start(LocalOfflineStore offline) {
        progress.begin("Starting " + engine.name());
        return engine.start(offline, folder.folder(), folder.scratch());
    }

    private Payments payments(Workbench workbench) {
        String table;
        if (input == null) {
            progress.begin("Making up payments");
            PaymentGenerator.fill(workbench, generator, seed);
            table = PaymentGenerator.TABLE;
        } else {
            progress.begin("Reading and checking the input");
            TransactionFile.read(workbench, input, folder.scratch());
            table = TransactionFile.TABLE;
        }
        progress.begin("Sorting payments by time");
        return Payments.sort(workbench, table, folder.file(OutputFolder.PAYMENTS));
    }

    private Simulation play(Workbench workbench, Payments payments, FeatureStore store, ManualClock clock) {
        progress.begin("Playing payments", payments.count());
        Simulation simulation;
        try (ServedLog served = new ServedLog(workbench)) {
            simulation = new Simulation(store, clock, served, lag);
            payments.forEach(payment -> {
                simulation.play(payment);
                progress.step();
            });
            simulation.finish();
        }
        workbench.execute("COPY " + ServedLog.TABLE + " TO " + Workbench.text(folder.file(OutputFolder.SERVED))
                + " (FORMAT parquet)");
        return simulation;
    }

    private Report compare(
            Workbench workbench,
            Payments payments,
            FeatureStore store,
            TrainingEngine.Running built,
            LocalOfflineStore offline,
            Simulation simulation) {
        progress.begin("Building the training set as served");
        Path labels = folder.file(OutputFolder.LABELS);
        payments.writeLabels(labels);
        TrainingSetClient training = store.view(Fraud.MODEL_V1)
                .trainingSet(Payments.labels(built.location(labels)))
                .withAudit(AuditColumn.EVENT_TIME);
        Path asServed = folder.file(OutputFolder.TRAINING_AS_SERVED);
        long rows = training.unload(built.location(asServed));

        progress.begin("Building the training set by event time");
        Path eventTime = folder.file(OutputFolder.TRAINING_EVENT_TIME);
        training.withPointInTime(PointInTime.eventTime()).unload(built.location(eventTime));

        progress.begin("Comparing with what was served");
        Comparison comparison = new Comparison(workbench, folder.file(OutputFolder.SERVED));
        long[] keys = payments.distinctKeys();
        return new Report(
                backend,
                engine.name(),
                payments.count(),
                keys[0],
                keys[1],
                simulation.puts(),
                simulation.fetches(),
                rows,
                comparison.mismatches(asServed),
                comparison.explain(
                        eventTime,
                        offline.tables().of(Fraud.CARDS).get(0),
                        offline.tables().of(Fraud.MERCHANTS).get(0),
                        folder.file(OutputFolder.DIFFERENCES)),
                folder.target(),
                Duration.ZERO);
    }
}
