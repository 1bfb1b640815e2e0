/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.leak.Rule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HintsTest {
    @ParameterizedTest
    @EnumSource(Rule.class)
    void whatHoldsInAnyLanguageIsAlwaysSaid(Rule rule) {
        for (Language language : Language.values()) {
            assertThat(Hints.of(rule, language)).startsWith(rule.hint());
        }
        assertThat(Hints.of(rule, Language.UNKNOWN)).isEqualTo(rule.hint());
    }

    @ParameterizedTest
    @CsvSource({
        "ORPHANED_PIPE, GO, Cmd.Wait",
        "ORPHANED_PIPE, PYTHON, with Popen",
        "INHERITED_PIPE, GO, WaitDelay",
        "INHERITED_PIPE, PYTHON, close_fds",
        "INHERITED_PIPE, NATIVE, pipe2(O_CLOEXEC)",
        "ORPHANED_PTY, NODE, destroy()",
        "DEAD_PIDFD, GO, Release",
        "OUTLIVES_CHILD, RUST, drop the Command",
        "GROWTH, JVM, try-with-resources",
        "UNREAPED_CHILD, SHELL, --init",
        "UNREAPED_CHILD, RUBY, Process.detach"
    })
    void namesTheCallThatIsMissing(Rule rule, Language language, String call) {
        assertThat(Hints.of(rule, language)).contains(call);
    }

    @Test
    void everyCommonLanguageHasItsOwnWordsForTheCommonRules() {
        for (Rule rule : new Rule[] {Rule.ORPHANED_PIPE, Rule.INHERITED_PIPE, Rule.GROWTH, Rule.UNREAPED_CHILD}) {
            assertThat(Arrays.stream(Language.values()).filter(language -> language != Language.UNKNOWN))
                    .allSatisfy(language -> assertThat(Hints.of(rule, language)).isNotEqualTo(rule.hint()));
        }
    }

    @Test
    void nobodyIsBlamedForWhatItWasLeftWith() {
        for (Language language : Language.values()) {
            assertThat(Hints.of(Rule.STRAY_INHERITED, language)).isEqualTo(Rule.STRAY_INHERITED.hint());
        }
    }
}
