package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents refer to is there. Their code is compiled and run in examples/walks and by the tests of single pages. */
class DocumentLinksTest {
    @Test
    void relativeLinksLeadToFiles() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(MarkdownPage.ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.walk(MarkdownPage.ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        int links = 0;
        List<String> broken = new ArrayList<>();
        for (Path document : documents) {
            String text = Files.readString(document).replaceAll("(?ms)^```.*?^```$", "");
            for (String link : Pattern.compile("\\]\\(([^)\\s]+)\\)")
                    .matcher(text)
                    .results()
                    .map(match -> match.group(1).replaceFirst("#.*", ""))
                    .filter(target -> !target.isEmpty() && !target.matches("[a-z]+:.*"))
                    .toList()) {
                links++;
                if (!Files.exists(document.resolveSibling(link))) {
                    broken.add(MarkdownPage.ROOT.relativize(document) + " -> " + link);
                }
            }
        }

        assertThat(links).isGreaterThan(10);
        assertThat(broken).isEmpty();
    }
}
