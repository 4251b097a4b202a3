package dev.featurestore.testkit.law;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of one event time and one second of arrival, on the local offline store. */
class ArrivalTiesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theLastWrittenOfOneSecondIsTheLatestAndNoDeleteHidesIt(long seed) {
        ArrivalTies.check(seed, folder.resolve("store"), local -> local);
    }
}
