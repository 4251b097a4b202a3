package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.SlicedTrainingSet;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A run that ends without a word at one of its steps, as a program does that is killed: it does nothing from then on. */
final class DoomedRun {
    /** When in a step. */
    enum Moment {
        /** Nothing of it was done. */
        BEFORE,
        /** What it writes is torn. */
        AMID,
        /** All of it was done. */
        AFTER
    }

    /** No program catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final int last;

    private final Moment moment;

    private int steps;

    private int unloads;

    private int completed;

    private boolean dead;

    /** @param last the number of the step that it does not survive, from 0 */
    DoomedRun(int last, Moment moment) {
        this.last = last;
        this.moment = moment;
    }

    /** A run that nobody ends. */
    static DoomedRun never() {
        return new DoomedRun(Integer.MAX_VALUE, Moment.BEFORE);
    }

    /** Runs to the end; false if the run was over before. */
    boolean kills(SlicedTrainingSet slices) {
        try {
            slices.run();
            return false;
        } catch (Killed e) {
            return true;
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(Killed.class);
            return true;
        }
    }

    /** How many slices were begun to be written. */
    synchronized int unloads() {
        return unloads;
    }

    /** How many of them were written. */
    synchronized int completed() {
        return completed;
    }

    private <T> T step(Supplier<T> work, Runnable tearing) {
        boolean isLast = begin();
        if (isLast && moment == Moment.AMID) {
            tearing.run();
            throw killed();
        }
        T result = work.get();
        if (isLast) {
            throw killed();
        }
        return result;
    }

    private synchronized boolean begin() {
        if (dead || (steps == last && moment == Moment.BEFORE)) {
            throw killed();
        }
        return steps++ == last;
    }

    private synchronized Killed killed() {
        dead = true;
        return new Killed();
    }

    private synchronized void count(boolean ended) {
        if (ended) {
            completed++;
        } else {
            unloads++;
        }
    }

    /** @param path of the manifest */
    ManifestStore manifest(Path path) {
        ManifestStore store = ManifestStore.file(path);
        return new ManifestStore() {
            @Override
            public Optional<String> read() {
                return store.read();
            }

            @Override
            public void write(String text) {
                step(
                        () -> {
                            store.write(text);
                            return text;
                        },
                        () -> torn(path.resolveSibling(path.getFileName() + ".new"), text));
            }

            @Override
            public Lock lock() {
                return store.lock();
            }
        };
    }

    OfflineStore around(OfflineStore store) {
        return new OfflineStore() {
            @Override
            public TrainingRows run(TrainingSet set) {
                return store.run(set);
            }

            @Override
            public long unload(TrainingSet set, URI target) {
                return step(
                        () -> {
                            count(false);
                            long rows = store.unload(set, target);
                            count(true);
                            return rows;
                        },
                        () -> torn(Path.of(target), "PAR1 and no more"));
            }

            @Override
            public List<LabelDay> labelDays(TrainingSet set, Instant since) {
                return step(() -> store.labelDays(set, since), () -> {});
            }
        };
    }

    private static void torn(Path file, String text) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text.substring(0, text.length() / 2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
