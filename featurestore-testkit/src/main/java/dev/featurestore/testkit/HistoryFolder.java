package dev.featurestore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which of the folders of its name a group's history is in; a group that is made again begins a new one. */
enum HistoryFolder {
    /** The latest there is, or a new one. */
    LATEST,
    /** A new one, named later than all there are. */
    NEW;

    private static final String STORE = "000000000000/sagemaker/local/offline-store";

    /** The folder, named as the service names it: by the group and the second of its creation. It may not be there yet. */
    Path find(Path root, String group, Instant now) {
        Path store = root.resolve(STORE);
        long latest = latestCreation(store, group);
        long creation = now.getEpochSecond();
        if (latest != Long.MIN_VALUE) {
            creation = this == LATEST ? latest : Math.max(creation, latest + 1);
        }
        return store.resolve(group + "-" + creation).resolve("data");
    }

    private static long latestCreation(Path store, String group) {
        if (!Files.isDirectory(store)) {
            return Long.MIN_VALUE;
        }
        Pattern name = Pattern.compile(Pattern.quote(group) + "-(-?\\d+)");
        try (Stream<Path> folders = Files.list(store)) {
            return folders.map(folder -> name.matcher(String.valueOf(folder.getFileName())))
                    .filter(Matcher::matches)
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                    .max()
                    .orElse(Long.MIN_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the folders of the local offline store", e);
        }
    }
}
