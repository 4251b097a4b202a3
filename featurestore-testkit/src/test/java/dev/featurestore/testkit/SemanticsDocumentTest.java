package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/semantics.md} and the code name the same things. */
class SemanticsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "semantics.md");

    @Test
    void everyTestOfSemanticsIsInTheDocument() throws IOException {
        List<String> tests = Stream.of(SemanticsTest.class.getDeclaredClasses())
                .flatMap(nested -> Arrays.stream(nested.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .toList();

        assertThat(tests).hasSizeGreaterThan(10);
        assertThat(tests)
                .allSatisfy(test -> assertThat(Files.readString(DOCUMENT)).contains("`" + test + "`"));
    }

    @Test
    void everySwitchOfTheFakeIsInTheDocument() throws IOException {
        String document = Files.readString(DOCUMENT);

        assertThat(ServiceBehaviour.class.getRecordComponents())
                .allSatisfy(component -> assertThat(document).contains("| `" + component.getName() + "` |"));
    }

    @Test
    void everyTestThatTheDocumentNamesIsThere() throws IOException {
        List<String> tests = Stream.of(SemanticsTest.class.getDeclaredClasses())
                .flatMap(nested -> Arrays.stream(nested.getDeclaredMethods()))
                .map(Method::getName)
                .toList();
        String table = Files.readString(DOCUMENT)
                .replaceAll("(?s).*## What the offline store cannot tell", "")
                .replaceAll("(?s)\n## .*", "");

        assertThat(Pattern.compile("`((?:an?|the|taking|without)[A-Z]\\w+)`")
                        .matcher(table)
                        .results()
                        .map(match -> match.group(1)))
                .hasSizeGreaterThan(10)
                .isSubsetOf(tests);
    }
}
