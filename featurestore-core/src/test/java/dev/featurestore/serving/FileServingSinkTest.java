package dev.featurestore.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServingSinkTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private List<String> views() {
        try (Stream<ServedVector> vectors = ServedVectors.in(folder).vectors()) {
            return vectors.map(ServedVector::view).toList();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatWasServedIsInTheFileWhenTheSinkIsClosed() throws IOException {
        List<String> all = IntStream.range(0, 1000).mapToObj(i -> "v" + i).toList();
        FileServingSink sink = FileServingSink.in(folder);

        all.forEach(view -> sink.served(Served.vector(view)));
        sink.close();

        assertThat(views()).isEqualTo(all);
        assertThat(files()).containsExactly("served-000001.jsonl");
        assertThat(sink.written()).isEqualTo(1000);
        assertThat(sink.dropped()).isZero();
        assertThat(sink).hasToString("serving log in " + folder + ", 1000 vectors written, 0 dropped");
    }

    @Test
    void eachSinkBeginsAFileOfItsOwn() throws IOException {
        for (String view : List.of("v1", "v2", "v3")) {
            try (FileServingSink sink = FileServingSink.in(folder)) {
                sink.served(Served.vector(view));
            }
        }

        assertThat(files()).containsExactly("served-000001.jsonl", "served-000002.jsonl", "served-000003.jsonl");
        assertThat(views()).containsExactly("v1", "v2", "v3");
    }

    @Test
    void twoSinksInOneFolderLoseNothing() throws IOException, InterruptedException {
        try (FileServingSink one = FileServingSink.builder(folder)
                        .bytesPerFile(1)
                        .files(100)
                        .open();
                FileServingSink other = FileServingSink.builder(folder)
                        .bytesPerFile(1)
                        .files(100)
                        .open()) {
            for (int i = 0; i < 10; i++) {
                one.served(Served.vector("one" + i));
                other.served(Served.vector("other" + i));
                assertThat(one.flush(LONG)).isTrue();
                assertThat(other.flush(LONG)).isTrue();
            }
        }

        assertThat(files()).hasSize(20);
        assertThat(views()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void aFullFileIsLeftForTheNextAndTheOldestAreDeleted() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("served-notes.jsonl"), "");
        try (FileServingSink sink =
                FileServingSink.builder(folder).bytesPerFile(1).files(3).open()) {
            for (int i = 1; i <= 7; i++) {
                sink.served(Served.vector("v" + i));
                assertThat(sink.flush(LONG)).isTrue();
            }
        }

        assertThat(files())
                .containsExactly(
                        "served-000005.jsonl", "served-000006.jsonl", "served-000007.jsonl", "served-notes.jsonl");
        assertThat(views()).containsExactly("v5", "v6", "v7");
    }

    @Test
    void anOldFileThatCannotBeDeletedStopsNothing() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("served-000001.jsonl").resolve("inside"));
        List<OutputStream> open = new ArrayList<>();
        try (FileServingSink sink = FileServingSink.builder(folder)
                .bytesPerFile(1)
                .files(2)
                .opener(file -> {
                    OutputStream made = RollingFile.create(file);
                    open.add(made);
                    return new FilterOutputStream(made) {
                        @Override
                        public void close() throws IOException {
                            open.remove(made);
                            super.close();
                        }
                    };
                })
                .open()) {
            for (int i = 1; i <= 5; i++) {
                sink.served(Served.vector("v" + i));
                assertThat(sink.flush(LONG)).isTrue();
            }

            assertThat(sink.dropped()).isZero();
            assertThat(sink.written()).isEqualTo(5);
            assertThat(open).as("files that are open").hasSize(1);
        }

        assertThat(files()).containsExactly("served-000001.jsonl", "served-000005.jsonl", "served-000006.jsonl");
    }

    @Test
    void aDiskThatStandsStillDropsWhatTheQueueCannotHoldAndNobodyWaits() throws IOException, InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ByteArrayOutputStream disk = new ByteArrayOutputStream();
        FileServingSink sink = FileServingSink.builder(folder)
                .queue(10)
                .opener(file -> new OutputStream() {
                    @Override
                    public void write(int one) {
                        disk.write(one);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        writing.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        disk.write(bytes, from, length);
                    }
                })
                .open();

        sink.served(Served.vector("first"));
        writing.await();
        for (int i = 0; i < 100; i++) {
            sink.served(Served.vector("v" + i));
        }
        assertThat(sink.dropped()).isEqualTo(90);
        assertThat(sink.flush(Duration.ofMillis(1))).isFalse();
        goOn.countDown();
        assertThat(sink.flush(LONG)).isTrue();
        sink.close();

        assertThat(sink.written()).isEqualTo(11);
        assertThat(sink.dropped()).isEqualTo(90);
        assertThat(disk.toString(StandardCharsets.UTF_8).lines()).hasSize(11);
    }

    @Test
    void aFullDiskDropsAndTheSinkGoesOnWhenThereIsSpaceAgain() throws IOException, InterruptedException {
        AtomicBoolean full = new AtomicBoolean();
        FileServingSink sink = FileServingSink.builder(folder)
                .opener(file -> new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        write(new byte[] {(byte) one}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        // a disk that is full takes what it still can
                        int fits = full.get() ? length / 2 : length;
                        byte[] old = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
                        ByteArrayOutputStream all = new ByteArrayOutputStream();
                        all.write(old);
                        all.write(bytes, from, fits);
                        Files.write(file, all.toByteArray());
                        if (fits < length) {
                            throw new IOException("No space left on device");
                        }
                    }
                })
                .open();

        sink.served(Served.vector("before"));
        assertThat(sink.flush(LONG)).isTrue();
        full.set(true);
        for (String view : List.of("lost1", "lost2")) {
            sink.served(Served.vector(view));
            assertThat(sink.flush(LONG)).isTrue();
        }
        full.set(false);
        sink.served(Served.vector("after"));
        sink.close();

        assertThat(sink.written()).isEqualTo(2);
        assertThat(sink.dropped()).isEqualTo(2);
        List<String> read = new ArrayList<>();
        List<ServedLine> broken = new ArrayList<>();
        try (Stream<ServedLine> lines = ServedVectors.in(folder).lines()) {
            lines.forEach(line -> {
                if (line instanceof ServedLine.Vector vector) {
                    read.add(vector.vector().view());
                } else {
                    broken.add(line);
                }
            });
        }
        assertThat(read).containsExactly("before", "after");
        assertThat(broken)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.toString()).contains("not JSON"));
    }

    @Test
    void aFolderThatIsGoneDropsAndIsTriedAgain() throws IOException, InterruptedException {
        Path gone = folder.resolve("log");
        try (FileServingSink sink = FileServingSink.in(gone)) {
            Files.delete(gone);
            sink.served(Served.vector("lost"));
            assertThat(sink.flush(LONG)).isTrue();
            Files.createDirectory(gone);
            sink.served(Served.vector("after"));
            assertThat(sink.flush(LONG)).isTrue();

            assertThat(sink.dropped()).isEqualTo(1);
            assertThat(sink.written()).isEqualTo(1);
        }
    }

    @Test
    void aFileThatIsTakenAwayIsFollowedByTheNext() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        try (FileServingSink sink = FileServingSink.in(log)) {
            sink.served(Served.vector("before"));
            assertThat(sink.flush(LONG)).isTrue();
            Files.delete(log.resolve("served-000001.jsonl"));
            sink.served(Served.vector("after"));
            assertThat(sink.flush(LONG)).isTrue();
            assertThat(log.resolve("served-000001.jsonl")).content().contains("after");

            Files.delete(log.resolve("served-000001.jsonl"));
            Files.delete(log);
            sink.served(Served.vector("lost"));
            assertThat(sink.flush(LONG)).isTrue();

            assertThat(sink.written()).isEqualTo(2);
            assertThat(sink.dropped()).isEqualTo(1);
        }
    }

    @Test
    void flushWaitsForNothingThatIsServedAfterIt() throws IOException, InterruptedException {
        AtomicBoolean busy = new AtomicBoolean(true);
        AtomicReference<FileServingSink> self = new AtomicReference<>();
        FileServingSink sink = FileServingSink.builder(folder)
                .opener(file -> new FilterOutputStream(RollingFile.create(file)) {
                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        out.write(bytes, from, length);
                        if (busy.get()) {
                            Objects.requireNonNull(self.get()).served(Served.vector("more"));
                        }
                    }
                })
                .open();
        self.set(sink);

        sink.served(Served.vector("first"));
        assertThat(sink.flush(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        busy.set(false);
        sink.close();

        assertThat(sink.written()).isPositive();
    }

    @Test
    void aThreadThatIsInterruptedClosesAsAnyOther() throws IOException {
        FileServingSink sink = FileServingSink.in(folder);
        IntStream.range(0, 1000).forEach(i -> sink.served(Served.vector("v" + i)));

        Thread.currentThread().interrupt();
        sink.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(sink.written()).isEqualTo(1000);
    }

    @Test
    void whatADiskThatHangsLeavesInTheQueueIsDroppedByClosing() throws IOException, InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Thread> made = new ArrayList<>();
        FileServingSink sink = FileServingSink.builder(folder)
                .closingWithin(Duration.ofMillis(1))
                .threads(task -> {
                    made.add(new Thread(task, "mine"));
                    return made.get(0);
                })
                .opener(file -> new FilterOutputStream(RollingFile.create(file)) {
                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        writing.countDown();
                        boolean isInterrupted = false;
                        while (goOn.getCount() > 0) {
                            try {
                                goOn.await();
                            } catch (InterruptedException e) {
                                // as a disk that hangs does not hear it
                                isInterrupted = true;
                            }
                        }
                        if (isInterrupted) {
                            Thread.currentThread().interrupt();
                        }
                        out.write(bytes, from, length);
                    }
                })
                .open();
        sink.served(Served.vector("written"));
        writing.await();
        IntStream.range(0, 5).forEach(i -> sink.served(Served.vector("v" + i)));

        sink.close();
        assertThat(sink.dropped()).isEqualTo(5);
        goOn.countDown();
        made.get(0).join();

        assertThat(sink.written()).isEqualTo(1);
        assertThat(sink.dropped()).isEqualTo(5);
    }

    @Test
    void aThreadThatDiesClosesTheSink() throws IOException, InterruptedException {
        List<Throwable> deaths = new ArrayList<>();
        List<Thread> made = new ArrayList<>();
        for (boolean isInterrupted : new boolean[] {true, false}) {
            FileServingSink sink = FileServingSink.builder(folder)
                    .threads(task -> {
                        Thread thread = new Thread(task, "mine");
                        thread.setUncaughtExceptionHandler((any, death) -> deaths.add(death));
                        made.add(thread);
                        return thread;
                    })
                    .opener(file -> {
                        throw new NoClassDefFoundError("any");
                    })
                    .open();
            Thread writer = made.get(made.size() - 1);
            if (isInterrupted) {
                writer.interrupt();
            } else {
                sink.served(Served.vector("dies"));
            }
            writer.join();

            sink.served(Served.vector("late"));

            assertThat(sink.flush(LONG)).isTrue();
            assertThat(sink.dropped()).isEqualTo(isInterrupted ? 1 : 2);
            sink.close();
        }
        assertThat(deaths).hasSize(1);
    }

    @Test
    void aSinkThatIsClosedDropsAndCounts() throws IOException {
        FileServingSink sink = FileServingSink.in(folder);
        sink.close();
        sink.close();

        sink.served(Served.vector("late"));

        assertThat(sink.dropped()).isEqualTo(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void theThreadIsOfTheGivenMakeAndEndsWithTheSink() throws IOException, InterruptedException {
        List<Thread> made = new ArrayList<>();
        FileServingSink sink = FileServingSink.builder(folder)
                .threads(task -> {
                    made.add(new Thread(task, "mine"));
                    return made.get(0);
                })
                .open();
        sink.served(Served.vector("v"));
        sink.close();
        made.get(0).join(LONG.toMillis());

        assertThat(made).hasSize(1);
        assertThat(made.get(0).isAlive()).isFalse();
    }

    @Test
    void limitsArePositive() {
        FileServingSink.Builder builder = FileServingSink.builder(folder);

        assertThatThrownBy(() -> builder.queue(0))
                .hasMessage("The number of vectors in the queue is 1 at least, got 0");
        assertThatThrownBy(() -> builder.files(0)).hasMessageContaining("files");
        assertThatThrownBy(() -> builder.bytesPerFile(0)).hasMessageContaining("bytes per file");
    }
}
