package dev.featurestore.examples.quickstart;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** Runs the program as the command line does, and reads what it wrote. */
final class Program {
    private Program() {}

    record Result(int exitCode, String out, String err) {}

    static Result run(Path output, String... args) {
        List<String> all = new ArrayList<>(List.of("--output", output.toString()));
        all.addAll(Arrays.asList(args));
        return execute(Path.of("target", "unused"), all);
    }

    /** Runs it without a word on where the results go. */
    static Result runByDefault(Path defaultOutput, String... args) {
        return execute(defaultOutput, Arrays.asList(args));
    }

    private static Result execute(Path defaultOutput, List<String> all) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Quickstart.commandLine(defaultOutput, TrainingEngine.duckDb())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        int exitCode = command.execute(all.toArray(new String[0]));
        // for the summary of the build
        out.toString()
                .lines()
                .filter(line -> line.matches("(Training rows|AS_SERVED) .*"))
                .forEach(line -> System.out.println("[summary] " + line));
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** The rows of a query, each as text. */
    static List<String> query(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static void execute(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Whether a run left nothing in a folder but the files that were there. */
    static List<String> names(Path folder) throws java.io.IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
