package dev.featurestore.testkit.athena;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Folders of this machine that stand for buckets. */
final class S3Folders {
    private final Map<String, Path> buckets;

    S3Folders(Map<String, Path> buckets) {
        this.buckets = new HashMap<>(buckets);
    }

    boolean has(URI s3) {
        return "s3".equals(s3.getScheme()) && s3.getAuthority() != null && buckets.containsKey(s3.getAuthority());
    }

    /** @throws AthenaFailure if the bucket is not there, or the prefix would leave its folder */
    Path folder(URI s3) {
        Path bucket = has(s3) ? buckets.get(s3.getAuthority()) : null;
        if (bucket == null) {
            throw new AthenaFailure("HIVE_METASTORE_ERROR: the emulator has no folder for the bucket of this location");
        }
        Path folder = bucket.resolve(String.valueOf(s3.getPath()).replaceAll("^/+", ""))
                .normalize();
        if (!folder.startsWith(bucket.normalize())) {
            throw new AthenaFailure("HIVE_METASTORE_ERROR: the location is not below its bucket");
        }
        return folder;
    }

    /** The files below a folder that an engine sees, sorted; none if it is not there. */
    static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("_")
                            && !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the files of a folder that stands for a bucket", e);
        }
    }
}
