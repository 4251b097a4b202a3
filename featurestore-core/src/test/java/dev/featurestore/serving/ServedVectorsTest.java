package dev.featurestore.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServedVectorsTest {
    private static final String GROUPS =
            "'groups':[{'selection':'cards','status':'ABSENT'}],'values':{'a':'secret-1'}}";

    private static final String GOOD =
            "{'version':1,'view':'v','fingerprint':'f','time':'2026-03-10T12:00:00Z','keysHash':'ab'," + GROUPS;

    @TempDir
    Path folder;

    private static List<ServedLine> lines(Path... paths) {
        try (Stream<ServedLine> lines = ServedVectors.in(paths).lines()) {
            return lines.toList();
        }
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(
                folder.resolve("served-000001.jsonl"), String.join("\n", lines).replace('\'', '"'));
    }

    @Test
    void aLineGivesBackWhatWasWritten() throws IOException {
        ServedVector vector = Served.vector("model");

        assertThat(ServedJson.line(vector)).doesNotContain("\n");
        assertThat(lines(file(ServedJson.line(vector)))).containsExactly(new ServedLine.Vector(vector));
    }

    @Test
    void aLineHasThisForm() {
        ServedVector vector = new ServedVector(
                "model",
                "f0",
                Served.NOON,
                Map.of(),
                "ab12",
                Served.vector("model").groups(),
                Map.of("count", "3"));

        assertThat(ServedJson.line(vector).replace('"', '\''))
                .isEqualTo("{'version':1,'view':'model','fingerprint':'f0','time':'2026-03-10T12:00:00.123456789Z',"
                        + "'keysHash':'ab12','groups':[{'selection':'cards','status':'FOUND',"
                        + "'eventTime':'2026-03-10T11:59:55.123456789Z','staleness':'PT1.5S'},"
                        + "{'selection':'shops','status':'ABSENT'},"
                        + "{'selection':'owners','status':'FAILED','failure':'THROTTLED'}],'values':{'count':'3'}}");
    }

    @Test
    void aLineThatCannotBeReadIsToldAndTheOthersAreRead() throws IOException {
        Path file = file(GOOD, "", GOOD.substring(0, 40), GOOD, "[]");

        List<ServedLine> lines = lines(file);

        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isInstanceOf(ServedLine.Vector.class);
        assertThat(lines.get(1)).hasToString(file + ":3: not JSON, in 40 characters; the line may have been cut");
        assertThat(lines.get(2)).isInstanceOf(ServedLine.Vector.class);
        assertThat(lines.get(3)).hasToString(file + ":5: not a JSON object, but array");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'version':1 | 'version':2 | member 'version' is not 1, the only one that is known",
                "'view':'v', | ~~ | member 'view' is missing",
                "'view':'v' | 'view':17 | member 'view' is not a text, but number",
                "12:00:00Z | noon | member 'time' is not of its form, in 15 characters",
                "'keysHash':'ab', | ~~ | there must be either keys or their hash",
                "'keysHash':'ab' | 'keysHash':'ab','keys':{'k':'secret-2'} | there must be either keys or their hash",
                "'keysHash':'ab' | 'keys':['secret-2'] | member 'keys' is not an object, but array",
                "ABSENT | GONE | member 'status' is not of its form, in 4 characters",
                "'ABSENT' | 'FAILED' | a failure goes with status FAILED and no other, got FAILED",
                "'ABSENT' | 'FOUND','staleness':'-PT1S' | the staleness is negative",
                "'secret-1' | null | member 'a' is not a text, but null",
                "]  | ],'more':1 | ~~"
            })
    void whatIsWrongWithALineIsSaidWithoutItsValues(String text, String instead, String problem) throws IOException {
        ServedLine line = lines(file(GOOD.replace(text, instead))).get(0);

        if (problem.isEmpty()) {
            assertThat(line).isInstanceOf(ServedLine.Vector.class);
        } else {
            assertThat(line).isInstanceOfSatisfying(ServedLine.Unreadable.class, unreadable -> {
                assertThat(unreadable.number()).isEqualTo(1);
                assertThat(unreadable.problem()).contains(problem);
            });
        }
        assertThat(line.toString()).doesNotContain("secret");
    }

    @Test
    void bytesThatAreNoTextConcernTheirOwnLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {'{', (byte) 0xff, '}', '\n'});
        bytes.write(GOOD.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("any.jsonl"), bytes.toByteArray());

        assertThat(lines(file).get(0)).hasToString(file + ":1: not UTF-8, in 3 bytes");
        assertThat(lines(file).get(1)).isInstanceOf(ServedLine.Vector.class);
    }

    @Test
    void aFolderIsReadInTheOrderOfItsFiles() throws IOException {
        for (int i = 3; i > 0; i--) {
            Files.writeString(
                    folder.resolve("served-00000" + i + ".jsonl"), ServedJson.line(Served.vector("v" + i)) + "\n");
        }
        Files.writeString(folder.resolve("other.txt"), "nothing of ours");

        try (Stream<ServedVector> vectors = ServedVectors.in(folder).vectors()) {
            assertThat(vectors.map(ServedVector::view)).containsExactly("v1", "v2", "v3");
        }
    }

    @Test
    void aFileThatTheSinkDeletesMeanwhileIsPassedOver() throws IOException {
        for (int i = 1; i < 4; i++) {
            Files.writeString(
                    folder.resolve("served-00000" + i + ".jsonl"), ServedJson.line(Served.vector("v" + i)) + "\n");
        }
        List<String> views = new ArrayList<>();

        try (Stream<ServedVector> vectors = ServedVectors.in(folder).vectors()) {
            vectors.forEach(vector -> {
                views.add(vector.view());
                folder.resolve("served-000002.jsonl").toFile().delete();
            });
        }

        assertThat(views).containsExactly("v1", "v3");
    }

    @Test
    void vectorsAloneCannotHideALineThatIsNone() throws IOException {
        Path file = file("{}");

        assertThatThrownBy(() -> ServedVectors.in(file).vectors().toList())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a line of a serving log: " + file + ":1: member 'version' is not 1");
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> lines(folder.resolve("none.jsonl")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot open the serving log");
    }

    @Test
    void textsHaveNoKeysNoValuesAndNoSalt() {
        ServedVector vector = Served.vector("model");

        assertThat(vector.toString())
                .isEqualTo(
                        "served vector of feature view 'model' (3 values), [cards FOUND, shops ABSENT, owners FAILED]");
        assertThat(ServedVectors.of(List.of(vector)).withSalt("secret")).hasToString("serving log of 1 vectors");
    }
}
