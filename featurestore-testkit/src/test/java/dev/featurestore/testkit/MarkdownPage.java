package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of the documentation, or a section of one: its text with bare line ends. */
public record MarkdownPage(String text) {
    /** The folder of the project. */
    public static final Path ROOT = root();

    /** A page by its path from the project's folder. */
    public static MarkdownPage read(String path) throws IOException {
        return new MarkdownPage(Files.readString(ROOT.resolve(path)).replace("\r", ""));
    }

    /** The section with a heading of the second level. */
    public MarkdownPage section(String heading) {
        String start = "\n## " + heading + "\n";
        int from = text.indexOf(start);
        if (from < 0) {
            throw new AssertionError("no section '" + heading + "'");
        }
        int to = text.indexOf("\n## ", from + start.length());
        return new MarkdownPage(text.substring(from, to < 0 ? text.length() : to + 1));
    }

    /** The fenced blocks of a language; those of none if it is empty. */
    public List<String> snippets(String language) {
        // all blocks are matched first: the end of one looks like the beginning of one without a language
        return Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$")
                .matcher(text)
                .results()
                .filter(match -> match.group(1).equals(language))
                .map(match -> match.group(2))
                .toList();
    }

    /** Fails unless each snippet of Java stands in one of the files, apart from line ends and indentation. */
    public void hasCodeOf(Path... files) throws IOException {
        StringBuilder code = new StringBuilder();
        for (Path file : files) {
            code.append(withoutSpace(Files.readString(file)));
        }
        assertThat(snippets("java")).isNotEmpty().allSatisfy(snippet -> {
            assertThat(snippet.lines()).allSatisfy(line -> assertThat(code).contains(withoutSpace(line)));
            assertThat(code.indexOf(withoutSpace(snippet)))
                    .as("lines of one snippet stand together")
                    .isNotNegative();
        });
    }

    /** A text without blanks and line ends. */
    public static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("README.md"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new AssertionError("no README.md above " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }
}
