package dev.featurestore.examples.quickstart;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The program: reads the options, runs, and tells how it went. */
@Command(
        name = "quickstart",
        sortOptions = false,
        usageHelpWidth = 100,
        description = {
            "Plays card payments through a feature store on this machine, builds a training set from its history, and"
                    + " compares that with what was served, row for row.",
            "Without --input it makes up the payments."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the training set is what was served, and every difference of the other one is explained",
            "1:it is not, or something failed",
            "2:the input or an option cannot be used"
        })
public final class Quickstart implements Callable<Integer> {
    private static final int CONTRADICTED = 1;

    /** Engines of programs in other modules. */
    private static final Map<String, String> ELSEWHERE = Map.of("trino", "athena-local", "spark", "glue-training");

    private static final Path DEFAULT_OUTPUT = Path.of("target", "quickstart");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ArgGroup(exclusive = true)
    private @Nullable Source source;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "memory",
            description =
                    "The store to play through: memory, or emulator, which calls the same store as if it were on AWS,"
                            + " with the official SDK over HTTP, and takes longer; ${DEFAULT-VALUE} unless set.")
    private Backend backend = Backend.MEMORY;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description =
                    "What builds the training sets: duckdb, or where the program has them, trino, which is Athena's engine"
                            + " behind Athena's API, or spark, which is Glue's.")
    private @Nullable String engine;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seeds made-up payments, and how late writes arrive; ${DEFAULT-VALUE} unless set.")
    private long seed;

    @Option(
            names = "--late-share",
            paramLabel = "SHARE",
            defaultValue = "0.02",
            description = "The share of stream writes that arrive minutes to hours late; ${DEFAULT-VALUE} unless set.")
    private double lateShare;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Where the results go; target/quickstart unless set, where those of an earlier run are replaced.")
    private @Nullable Path output;

    @Option(names = "--overwrite", description = "Replace the results of an earlier run in the folder of --output.")
    private boolean overwrite;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    /** A file, or made-up payments. */
    private static final class Source {
        @ArgGroup(exclusive = false, heading = "%nPayments of a file:%n")
        @Nullable
        InputOptions input;

        @ArgGroup(exclusive = false, heading = "%nMade-up payments:%n")
        @Nullable
        GeneratorOptions generator;
    }

    private final Path defaultOutput;

    /** By name; the first unless one is named. */
    private final Map<String, TrainingEngine> engines = new LinkedHashMap<>();

    private Quickstart(Path defaultOutput, List<TrainingEngine> engines) {
        this.defaultOutput = defaultOutput;
        engines.forEach(one -> this.engines.put(one.name(), one));
    }

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] args) {
        main(args, TrainingEngine.duckDb());
    }

    /**
     * Runs the program with engines of the caller's and ends the JVM with its exit code.
     *
     * @param engines one at least; the first is used unless the options name another
     */
    public static void main(String[] args, TrainingEngine... engines) {
        System.exit(commandLine(DEFAULT_OUTPUT, engines).execute(args));
    }

    /**
     * The program with its options; for tests as well.
     *
     * @param defaultOutput where the results go if no folder is named
     */
    public static CommandLine commandLine(Path defaultOutput, TrainingEngine... engines) {
        return new CommandLine(new Quickstart(defaultOutput, List.of(engines)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof InvalidInputException) {
                        command.getErr().println(failure.getMessage());
                        return CommandLine.ExitCode.USAGE;
                    }
                    throw failure;
                });
    }

    private TrainingEngine engine() {
        String name = engine == null ? engines.keySet().iterator().next() : engine.toLowerCase(Locale.ROOT);
        TrainingEngine chosen = engines.get(name);
        if (chosen != null) {
            return chosen;
        }
        String module = ELSEWHERE.get(name);
        throw new InvalidInputException(
                module == null
                        ? "Option --engine: expected duckdb, trino or spark."
                        : "The engine " + name
                                + " is a large download, and not part of this program. Run the one that has it:"
                                + " ./mvnw -q -Pquickstart," + name + " -pl examples/" + module
                                + " -am package -Dquickstart.args=\"...\"");
    }

    @Override
    public Integer call() {
        if (!(lateShare >= 0 && lateShare <= 1)) {
            throw new InvalidInputException("Option --late-share: expected a number from 0 to 1.");
        }
        InputOptions input = source == null ? null : source.input;
        GeneratorOptions generator =
                source == null || source.generator == null ? new GeneratorOptions() : source.generator;
        generator.check();
        TrainingEngine chosen = engine();
        PrintWriter err = spec.commandLine().getErr();
        Report report;
        // who names no folder did not choose to keep what is in it
        try (OutputFolder folder =
                        OutputFolder.open(output == null ? defaultOutput : output, overwrite || output == null);
                Progress progress = new Progress(err)) {
            report = new Run(input, generator, backend, chosen, new Lag(seed, lateShare), seed, folder, progress).run();
        }
        report.print(spec.commandLine().getOut());
        return report.isAsPromised() ? CommandLine.ExitCode.OK : CONTRADICTED;
    }
}
