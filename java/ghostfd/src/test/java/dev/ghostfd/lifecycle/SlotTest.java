/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class SlotTest {
    private static final int KEPT = Flags.READ | Flags.WRITE | Flags.PAIR | Flags.MASTER;
    private static final long NINE_YEARS = 9L * 365 * 24 * 3600 * 1_000_000_000L;

    @Property
    void headKeepsKindOriginAndTheFlagsThatMatter(
            @ForAll Kind kind, @ForAll Origin origin, @ForAll @IntRange(max = 0xffff) int flags) {
        Assume.that(kind != Kind.NONE && kind != Kind.PROCESS);

        long head = Slot.head(kind.ordinal(), origin, flags);

        assertThat(Slot.kind(head)).isEqualTo(kind.ordinal());
        assertThat(Slot.origin(head)).isEqualTo(origin);
        assertThat(Slot.flags(head) & KEPT).isEqualTo(flags & KEPT);
        assertThat(Slot.isChannel(head)).isEqualTo(kind.isPipe() || kind == Kind.SOCKET && (flags & Flags.PAIR) != 0);
    }

    @Property
    void openedKeepsTheTimeTo65MicrosecondsAndTheThread(
            @ForAll @LongRange(min = 0, max = NINE_YEARS) long time, @ForAll @IntRange(max = (1 << 22) - 1) int tid) {
        long opened = Slot.opened(time, tid);

        assertThat(Slot.time(opened)).isBetween(time - 65_535, time);
        assertThat(Slot.tid(opened)).isEqualTo(tid);
    }

    @Property
    void aDescriptorInUseNeverLooksFree(@ForAll Kind kind, @ForAll Origin origin) {
        if (kind != Kind.NONE) {
            assertThat(Slot.head(kind.ordinal(), origin, 0)).isNotZero();
        }
    }

    @Example
    void anUnknownTimeIsZero() {
        assertThat(Slot.time(0)).isZero();
        assertThat(Slot.time(Slot.opened(TimeUnit.SECONDS.toNanos(1), 0))).isPositive();
    }

    @Example
    void endsFollowFromKindAndFlags() {
        assertThat(Slot.end(Kind.PIPE, Flags.READ)).isEqualTo(End.READ);
        assertThat(Slot.end(Kind.PIPE, Flags.WRITE)).isEqualTo(End.WRITE);
        assertThat(Slot.end(Kind.FIFO, Flags.READ | Flags.WRITE)).isEqualTo(End.BOTH);
        assertThat(Slot.end(Kind.PIPE, 0)).isEqualTo(End.NONE);
        assertThat(Slot.end(Kind.PTY, Flags.MASTER | Flags.READ)).isEqualTo(End.MASTER);
        assertThat(Slot.end(Kind.PTY, Flags.READ)).isEqualTo(End.SLAVE);
        assertThat(Slot.end(Kind.FILE, Flags.READ)).isEqualTo(End.NONE);
    }
}
