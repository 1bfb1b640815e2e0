/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.unwind.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {
    private final Languages languages = new Languages();

    @TempDir
    private Path folder;

    private Language of(Path program) {
        return languages.of(program.toString(), program);
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/python3.11, PYTHON",
        "/opt/pypy/bin/pypy3, PYTHON",
        "/usr/bin/node, NODE",
        "/usr/lib/jvm/jdk-25/bin/java, JVM",
        "/usr/bin/ruby3.1, RUBY",
        "/usr/bin/perl, PERL",
        "/usr/bin/perl5.36.0, PERL",
        "/usr/bin/dash, SHELL",
        "/bin/busybox, SHELL",
        "/usr/bin/python3.11 (deleted), PYTHON"
    })
    void anInterpreterIsKnownByItsName(String executable, Language language) {
        assertThat(languages.of(executable, Path.of("/nonexistent"))).isEqualTo(language);
    }

    @Test
    void aNameThatOnlyBeginsLikeAnInterpretersIsNone() {
        assertThat(languages.of("/usr/bin/nodeexporter", Path.of("/nonexistent")))
                .isEqualTo(Language.UNKNOWN);
    }

    @Test
    void goIsKnownStrippedOrNot() {
        Programs programs = new Programs(folder);
        Path program = programs.go();

        assertThat(of(program)).isEqualTo(Language.GO);
        assertThat(of(programs.stripped(program))).isEqualTo(Language.GO);
    }

    @Test
    void rustIsKnownByWhatItsCompilerSaid() {
        assertThat(of(new Programs(folder).rust())).isEqualTo(Language.RUST);
    }

    @Test
    void whateverElseIsCompiledIsNative() {
        assertThat(of(new Programs(folder).frames("frames"))).isEqualTo(Language.NATIVE);
    }

    @Test
    void aFileThatIsNoProgramIsOfNoLanguage() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "#!/usr/bin/awk");

        assertThat(of(text)).isEqualTo(Language.UNKNOWN);
        assertThat(of(folder)).isEqualTo(Language.UNKNOWN);
    }

    @Test
    void aProgramThatWasReplacedIsLookedAtAgain() throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "not yet");
        assertThat(of(program)).isEqualTo(Language.UNKNOWN);

        Path built = new Programs(folder).frames("frames");
        Files.write(program, Files.readAllBytes(built));

        assertThat(of(program)).isEqualTo(Language.NATIVE);
    }
}
