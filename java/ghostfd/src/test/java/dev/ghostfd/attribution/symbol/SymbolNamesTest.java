/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_ZN3std2io5stdio6_print17h0123456789abcdefE | std::io::stdio::_print",
                "_ZN60_$LT$callers..jobs..Worker$u20$as$u20$callers..jobs..Job$GT$3run17h639aba337b338561E"
                        + " | <callers::jobs::Worker as callers::jobs::Job>::run",
                "_ZN4leak3run28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE.llvm.12 | leak::run::{{closure}}",
                "_RNvNtCsjrHSEGnQ3l9_3std2rt19lang_start_internal | std::rt::lang_start_internal",
                "_RNCNvCs5h_4leak4main0B3_ | leak::main::{closure#0}",
                "_RNCNvCs5h_4leak4mains_0B3_ | leak::main::{closure#1}",
                "_RNvXCs5h_4leakNtB2_6WorkerNtB2_3Job3run | <leak::Worker as leak::Job>::run",
                "_RNvMCs5h_4leakNtB2_6Worker4take | <leak::Worker>::take",
                "_RINvCs5h_4leak7genericNtB2_6WorkerReKj4_E | leak::generic::<leak::Worker, &str, 4>",
                "_RINvCs5h_4leak3runTmFEuDNtB2_3JobEL_EE | leak::run::<(u32, fn(), dyn leak::Job)>",
                "run_job.part.0 | run_job",
                "run_job.constprop.0.isra.3 | run_job",
                "run_job.cold | run_job",
                "main.(*worker).take | main.(*worker).take",
                "_ZN2ns5outerEv | _ZN2ns5outerEv",
                "_ZN3std17h0123456789abcdeE | _ZN3std17h0123456789abcdeE",
                "_RNvZZ | _RNvZZ",
                "_RB_ | _RB_",
            })
    void readsWhatTheSourceSays(String symbol, String name) {
        assertThat(SymbolNames.readable(symbol)).isEqualTo(name);
    }

    @Test
    void givesUpOnANameThatRefersToItselfOverAndOver() {
        /* A tuple of two of a tuple of two ...: each level refers to the one before twice. */
        StringBuilder bomb = new StringBuilder("_RINvC1a1bTuuE");
        int last = 8;
        for (int level = 0; level < 60; level++) {
            String digits = last == 0 ? "_" : Integer.toString(last - 1, 36) + "_";
            int start = bomb.length() - 2;
            bomb.append("TB").append(digits).append("B").append(digits).append('E');
            last = start;
        }
        bomb.append('E');

        assertThat(SymbolNames.readable(bomb.toString())).isEqualTo(bomb.toString());
    }

    @Property(tries = 2000)
    void survivesAnySymbol(@ForAll @StringLength(max = 60) String rest) {
        assertThat(SymbolNames.readable("_R" + rest)).isNotNull();
        assertThat(SymbolNames.readable("_RINvC1a1b" + rest)).isNotNull();
        assertThat(SymbolNames.readable("_ZN" + rest + "17h0123456789abcdefE")).isNotNull();
    }

    @Test
    void prefersTheLinkersNameOnlyWhereTheOtherIsAnonymous() {
        Optional<String> linked = Optional.of("_RNvMCs5h_4leakNtB2_6Worker4take");
        assertThat(SymbolNames.best(Optional.of("leak::{impl#0}::take"), linked))
                .contains("<leak::Worker>::take");
        assertThat(SymbolNames.best(Optional.of("leak::take"), linked)).contains("leak::take");
        assertThat(SymbolNames.best(Optional.of("leak::{impl#0}::take"), Optional.empty()))
                .contains("leak::{impl#0}::take");
    }
}
