package dev.featurestore;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.featurestore.errors.FeatureStoreException;
import java.io.ObjectInputStream;
import java.util.Optional;

@AnalyzeClasses(packages = "dev.featurestore", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** Lowest first; the two that end on one line do not know each other. */
    @ArchTest
    static final ArchRule PACKAGES_DEPEND_ONLY_DOWNWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("errors")
            .definedBy("dev.featurestore.errors..")
            .layer("schema")
            .definedBy("dev.featurestore.schema..")
            .layer("view")
            .definedBy("dev.featurestore.view..")
            .layer("training")
            .definedBy("dev.featurestore.training..")
            .layer("sql")
            .definedBy("dev.featurestore.sql..")
            .layer("spi")
            .definedBy("dev.featurestore.spi..")
            .layer("serving")
            .definedBy("dev.featurestore.serving..")
            .layer("root")
            .definedBy("dev.featurestore")
            .layer("ingest")
            .definedBy("dev.featurestore.ingest..")
            .layer("micrometer")
            .definedBy("dev.featurestore.micrometer..")
            .whereLayer("ingest")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("micrometer")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("root")
            .mayOnlyBeAccessedByLayers("ingest", "micrometer")
            .whereLayer("serving")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("sql")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("spi")
            .mayOnlyBeAccessedByLayers("serving", "root", "ingest")
            .whereLayer("training")
            .mayOnlyBeAccessedByLayers("sql", "spi", "serving", "root")
            .whereLayer("view")
            .mayOnlyBeAccessedByLayers("training", "sql", "spi", "serving", "root")
            .whereLayer("schema")
            .mayOnlyBeAccessedByLayers("view", "training", "sql", "spi", "serving", "root", "ingest");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.(featurestore..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_KNOWS_A_BACKEND = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "com.amazonaws..", "org.duckdb..", "java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule NOTHING_BUT_JACKSON_AND_SLF4J_IS_NEEDED = classes()
            .that(not(resideInAPackage("dev.featurestore.micrometer..")))
            .and()
            .doNotHaveFullyQualifiedName("dev.featurestore.RecentRecords")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "dev.featurestore..", "java..", "org.jspecify..", "org.slf4j..", "com.fasterxml.jackson.."));

    @ArchTest
    static final ArchRule JACKSON_IS_USED_FOR_DEFINITIONS_SERVED_VECTORS_AND_FAILED_RECORDS_ALONE = noClasses()
            .that(not(resideInAPackage("dev.featurestore.schema..")))
            .and()
            .doNotHaveFullyQualifiedName("dev.featurestore.serving.ServedJson")
            .and()
            .doNotHaveFullyQualifiedName("dev.featurestore.ingest.RecordJson")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule NO_TYPE_IS_NAMED_BY_DATA = noClasses()
            .should()
            .callMethod(ObjectInputStream.class, "readObject")
            .orShould()
            .callMethod(Class.class, "forName", String.class)
            .orShould()
            .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson..jsontype.."))
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("JsonTypeInfo");

    @ArchTest
    static final ArchRule LOGGING_IS_DONE_BY_THE_CLIENTS_ALONE = noClasses()
            .that(not(resideInAnyPackage("dev.featurestore", "dev.featurestore.ingest", "dev.featurestore.serving")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..");

    /** Enums, records, interfaces and annotations are closed by themselves. */
    @ArchTest
    static final ArchRule PUBLIC_CLASSES_ARE_CLOSED = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .doNotBelongToAnyOf(FeatureStoreException.class)
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule THE_EXCEPTION_ROOT_IS_EXTENDED_BY_ITS_OWN_PACKAGE = classes()
            .that()
            .areAssignableTo(FeatureStoreException.class)
            .should()
            .resideInAPackage("dev.featurestore.errors");

    @ArchTest
    static final ArchRule NO_FIELD_IS_OPTIONAL = noFields().should().haveRawType(Optional.class);

    @ArchTest
    static final ArchRule NO_PARAMETER_IS_OPTIONAL = noCodeUnits()
            .that(not(DescribedPredicate.describe("are of lambdas", ArchitectureTest::isSynthetic)))
            .should()
            .haveRawParameterTypes(DescribedPredicate.describe(
                    "with an Optional among them",
                    types -> types.stream().anyMatch(type -> type.isEquivalentTo(Optional.class))));

    @ArchTest
    static final ArchRule NO_STATIC_STATE_CHANGES =
            fields().that().areStatic().should().beFinal();

    private static boolean isSynthetic(JavaCodeUnit unit) {
        return unit.getModifiers().contains(JavaModifier.SYNTHETIC);
    }

    @ArchTest
    static void theImportHoldsTheLibrary(JavaClasses classes) {
        assertThat(classes.contain(FeatureStore.class)).isTrue();
        assertThat(classes.stream().map(JavaClass::getSimpleName)).doesNotContain("ArchitectureTest");
    }
}
