package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents refer to is there. Their code is compiled and run in examples/walks and by the tests of single pages. */
class DocumentLinksTest {
    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String folder : List.of("docs", "examples")) {
            // not what a build has made
            try (Stream<Path> files = Files.find(
                    MarkdownPage.ROOT.resolve(folder),
                    3,
                    (file, attributes) -> file.toString().endsWith(".md")
                            && !file.toString().contains(File.separator + "target" + File.separator))) {
                files.sorted().forEach(documents::add);
            }
        }
        documents.add(MarkdownPage.ROOT.resolve("README.md"));
        documents.add(MarkdownPage.ROOT.resolve("SECURITY.md"));
        return documents;
    }

    /** A page without its blocks of code. */
    private static String prose(Path page) throws IOException {
        return Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
    }

    @Test
    void relativeLinksLeadToFilesAndSections() throws IOException {
        int links = 0;
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            for (String link : Pattern.compile("\\]\\(([^)\\s]+)\\)")
                    .matcher(prose(document))
                    .results()
                    .map(match -> match.group(1))
                    .filter(target -> !target.matches("[a-z]+:.*"))
                    .toList()) {
                links++;
                if (!leadsSomewhere(document, link)) {
                    broken.add(MarkdownPage.ROOT.relativize(document) + " -> " + link);
                }
            }
        }

        assertThat(links).isGreaterThan(100);
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        return Files.exists(target) && (parts.length == 1 || sections(target).contains(parts[1]));
    }

    /** The names that sections have in links. */
    private static List<String> sections(Path page) throws IOException {
        return Pattern.compile("(?m)^#+ (.*)$")
                .matcher(prose(page))
                .results()
                .map(match -> match.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
