package dev.featurestore.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileManifestStoreTest {
    @TempDir
    Path folder;

    private ManifestStore store() {
        return ManifestStore.file(folder.resolve("below/slices.txt"));
    }

    @Test
    void theTextThatWasWrittenLastIsRead() {
        assertThat(store().read()).isEmpty();
        store().write("one");
        store().write("two");

        assertThat(store().read()).contains("two");
    }

    @Test
    void oneRunHasTheLockUntilItClosesIt() {
        try (ManifestStore.Lock alone = store().lock()) {
            assertThat(alone).isNotNull();
            assertThatThrownBy(() -> store().lock())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another run is at work with the manifest")
                    .hasMessageContaining("slices.txt");
            store().write("the run goes on");
        }
        store().lock().close();
        assertThat(store().read()).contains("the run goes on");
    }

    @Test
    void aLockThatAnotherProgramLeftBehindIsNone() throws IOException {
        Files.createDirectories(folder.resolve("below"));
        Files.createFile(folder.resolve("below/slices.txt.lock"));

        store().lock().close();
    }
}
