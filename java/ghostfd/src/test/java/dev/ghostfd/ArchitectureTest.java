/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders are the pipeline: each stage may use those before it, none after it. */
@AnalyzeClasses(packages = "dev.ghostfd", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final List<String> PIPELINE =
            List.of("kernel", "event", "lifecycle", "leak", "attribution", "report", "metrics", "http", "cli");
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "ghostfd");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.ghostfd.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NATIVE_CODE_IS_CALLED_FROM_ONE_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ghostfd.kernel")
            .should()
            .dependOnClassesThat(resideInAPackage("me.bechberger.."))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.SymbolLookup");

    @ArchTest
    static final ArchRule RECORDS_IN_MEMORY_GO_NO_FURTHER_THAN_THE_RULES = noClasses()
            .that(not(resideInAnyPackage("dev.ghostfd.kernel", "dev.ghostfd.event", "dev.ghostfd.leak")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Data");

    @ArchTest
    static final ArchRule ALL_CODE_IS_A_STAGE_OF_THE_PIPELINE = classes()
            .that()
            .doNotHaveSimpleName("Launcher")
            .should()
            .resideInAnyPackage(
                    PIPELINE.stream().map(ArchitectureTest::inAndBelow).toArray(String[]::new));

    @ArchTest
    static void aStageUsesOnlyThoseBeforeIt(JavaClasses all) {
        for (int stage = 0; stage < PIPELINE.size(); stage++) {
            String[] later = PIPELINE.subList(stage + 1, PIPELINE.size()).stream()
                    .map(ArchitectureTest::inAndBelow)
                    .toArray(String[]::new);
            if (later.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(inAndBelow(PIPELINE.get(stage)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(later)
                        .check(all);
            }
        }
    }

    @ArchTest
    static void everyPackageSaysWhatItIsFor(JavaClasses all) throws IOException {
        try (Stream<Path> folders = Files.walk(SOURCES)) {
            assertThat(folders.filter(Files::isDirectory).filter(ArchitectureTest::holdsCode))
                    .hasSizeGreaterThanOrEqualTo(PIPELINE.size())
                    .allMatch(folder -> Files.isRegularFile(folder.resolve("package-info.java")));
        }
    }

    private static boolean holdsCode(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static String inAndBelow(String stage) {
        return "dev.ghostfd." + stage + "..";
    }
}
