/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CallSiteKeyTest {
    private static Frame named(String function, int line, long address) {
        return new Frame(
                Optional.of(function),
                Optional.of("/src/job.go"),
                OptionalInt.of(line),
                Optional.of("/srv/agent"),
                address,
                false);
    }

    private static Frame stripped(long address) {
        return new Frame(
                Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.of("/srv/agent"), address, false);
    }

    private static Optional<CallSiteKey> key(Frame... frames) {
        return CallSiteKey.of(List.of(frames));
    }

    @Test
    void groupsByTheFirstLineHoweverItWasReachedAndBuilt() {
        assertThat(key(named("main.run", 42, 0x10), named("main.a", 1, 0x20)))
                .isEqualTo(key(named("main.run", 42, 0x18), named("main.b", 2, 0x30)));
        assertThat(key(named("main.run", 42, 0x10))).isNotEqualTo(key(named("main.run", 43, 0x10)));
        assertThat(key(named("main.run", 42, 0x10))).isNotEqualTo(key(named("main.stop", 42, 0x10)));
    }

    @Test
    void groupsByModuleAndAddressWhereThereIsNoName() {
        assertThat(key(stripped(0x10))).isEqualTo(key(stripped(0x10), stripped(0x20)));
        assertThat(key(stripped(0x10))).isNotEqualTo(key(stripped(0x20)));
    }

    @Test
    void hasNoneWithoutFrames() {
        assertThat(key()).isEmpty();
    }

    @Test
    void hasNoneWhereAllIsOfARuntimeOrBareAddresses() {
        Frame bare =
                new Frame(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), 0x7f00, false);

        assertThat(key(named("os_pipe", 7, 0x10).asRuntime())).isEmpty();
        assertThat(key(bare)).isEmpty();
    }
}
