package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Doclint's group "missing" is off, since it demands a tag for each parameter as well. This is the other half of it. */
class PublicJavadocTest {
    @ParameterizedTest
    @ValueSource(strings = {"featurestore-core", "featurestore-aws", "featurestore-testkit"})
    void allThatIsPublicHasAComment(String module) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.walk(MarkdownPage.ROOT.resolve(module).resolve("src/main/java"));
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(sources));
            PublicElements elements = new PublicElements(DocTrees.instance(task));
            elements.scan(task.parse(), null);

            assertThat(elements.documented).isGreaterThan(50);
            assertThat(elements.bare).isEmpty();
        }
    }

    private static final class PublicElements extends TreePathScanner<Void, Void> {
        private final DocTrees docs;

        private final List<String> bare = new ArrayList<>();

        private int documented;

        PublicElements(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (!isPublic(type.getModifiers())) {
                return null;
            }
            look(type.getSimpleName());
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .map(AnnotationTree::getAnnotationType)
                    .anyMatch(annotation -> annotation.toString().equals("Override"));
            // a record says in its own comment what it is made of
            boolean ofRecord = method.getReturnType() == null && enclosing() == Kind.RECORD;
            if (isPublic(method.getModifiers()) && !overrides && !ofRecord) {
                look(method.getName());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void none) {
            if (isPublic(field.getModifiers())) {
                look(field.getName());
            }
            return null;
        }

        private boolean isPublic(ModifiersTree modifiers) {
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || ((enclosing() == Kind.INTERFACE || enclosing() == Kind.ANNOTATION_TYPE)
                            && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }

        private Kind enclosing() {
            return getCurrentPath().getParentPath().getLeaf().getKind();
        }

        private void look(CharSequence name) {
            if (docs.getDocCommentTree(getCurrentPath()) != null) {
                documented++;
                return;
            }
            CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
            Tree tree = getCurrentPath().getLeaf();
            long line =
                    unit.getLineMap().getLineNumber(docs.getSourcePositions().getStartPosition(unit, tree));
            bare.add(unit.getSourceFile().getName() + ":" + line + " " + name);
        }
    }
}
