package dev.featurestore.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.featurestore", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String TESTKIT = "dev.featurestore.testkit..";

    /** Those that core's module exports. */
    private static final String[] CORE = {
        "dev.featurestore",
        "dev.featurestore.errors",
        "dev.featurestore.schema",
        "dev.featurestore.serving",
        "dev.featurestore.spi",
        "dev.featurestore.sql",
        "dev.featurestore.training",
        "dev.featurestore.view"
    };

    @ArchTest
    static final ArchRule coreIsUsedByItsExportedPackagesAlone = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.featurestore..")
                    .and(not(resideInAnyPackage(CORE)))
                    .and(not(resideInAPackage(TESTKIT))));

    @ArchTest
    static final ArchRule coreKnowsNothingOfTheTestkit = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TESTKIT);

    @ArchTest
    static final ArchRule nothingNeedsTheAwsSdk = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "com.amazonaws..");

    /** But for the contract of codecs, which reads what it has written itself. */
    @ArchTest
    static final ArchRule noTypeIsNamedByData = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .and()
            .haveSimpleNameNotStartingWith("FeatureCodecContract")
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
    static final ArchRule duckDbAndJdbcAreForTheLocalOfflineStore = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .and()
            .haveSimpleNameNotStartingWith("Local")
            .and()
            .haveSimpleNameNotStartingWith("DuckDb")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.duckdb..", "java.sql..");

    @ArchTest
    static final ArchRule theFakeNeedsNoTestLibrary = noClasses()
            .that()
            .resideInAnyPackage("dev.featurestore.testkit", "dev.featurestore.testkit.fault")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "org.assertj..");

    @ArchTest
    static final ArchRule theFakeKnowsNothingOfSuitesAndExtensions = noClasses()
            .that()
            .resideInAnyPackage("dev.featurestore.testkit", "dev.featurestore.testkit.fault")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.featurestore.testkit.contract", "dev.featurestore.testkit.junit");

    @ArchTest
    static final ArchRule faultsKnowNothingOfTheFake = noClasses()
            .that()
            .resideInAPackage("dev.featurestore.testkit.fault")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.featurestore.testkit");

    @ArchTest
    static final ArchRule whatIsToBeExtendedSaysSo = classes()
            .that()
            .resideInAPackage("dev.featurestore.testkit.contract")
            .and()
            .haveSimpleNameEndingWith("Contract")
            .should()
            .bePublic()
            .andShould()
            .haveModifier(JavaModifier.ABSTRACT);

    @ArchTest
    static final ArchRule nothingSleepsOrReadsTheSystemsTime = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now");
}
