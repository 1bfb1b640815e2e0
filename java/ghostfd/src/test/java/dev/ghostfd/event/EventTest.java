/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** What the flyweight makes of records, sound ones and others. */
class EventTest {
    @Test
    void aPairNamesBothSockets() {
        Event pair = EventBuilder.of(EventType.PAIR).inode(70).peerInode(71).event();

        assertThat(pair.type()).isEqualTo(EventType.PAIR);
        assertThat(pair.inode()).isEqualTo(70);
        assertThat(pair.peerInode()).isEqualTo(71);
    }

    @Test
    void aStackNamesBothDescriptorsOfAPipe() {
        Event stack = EventBuilder.of(EventType.STACK)
                .fd(3)
                .stack(900, 4, 901, 2, 0)
                .frame(0, 0x1000)
                .frame(1, 0x2000)
                .event();

        assertThat(stack.fd()).isEqualTo(3);
        assertThat(stack.stackFile()).isEqualTo(900);
        assertThat(stack.second()).isEqualTo(4);
        assertThat(stack.secondFile()).isEqualTo(901);
        assertThat(stack.walk()).containsExactly(0x1000, 0x2000);
        assertThat(stack.copyStack(new byte[8192])).isZero();
    }

    @Test
    void countsBeyondTheRecordAreCutToIt() {
        Event stack = EventBuilder.of(EventType.STACK)
                .stack(0, -1, 0, Integer.MAX_VALUE, Integer.MAX_VALUE)
                .event();

        assertThat(stack.walk()).hasSize(16);
        assertThat(stack.copyStack(new byte[8192])).isEqualTo(EventLayout.STACK_BYTES - EventLayout.STACK_COPY);
    }

    @Test
    void countsBelowZeroAreNone() {
        Event stack = EventBuilder.of(EventType.STACK).stack(0, -1, 0, -1, -1).event();

        assertThat(stack.walk()).isEmpty();
        assertThat(stack.copyStack(new byte[8192])).isZero();
    }

    @Test
    void aRecordThatIsTooShortForItsTypeIsRefused() {
        for (int type = 1; type < EventType.COUNT; type++) {
            MemorySegment memory = MemorySegment.ofArray(new long[EventLayout.bytes(type) / Long.BYTES]);
            memory.set(JAVA_BYTE, EventLayout.TYPE, (byte) type);

            assertThat(new Event().wrap(memory, 0, EventLayout.bytes(type))).isTrue();
            assertThat(new Event().wrap(memory, 0, EventLayout.bytes(type) - 1)).isFalse();
        }
    }

    @Test
    void aRecordOfATypeThatIsNotKnownIsRefused() {
        MemorySegment memory = MemorySegment.ofArray(new long[8]);
        for (int type : new int[] {0, EventType.COUNT, 255}) {
            memory.set(JAVA_BYTE, EventLayout.TYPE, (byte) type);

            assertThat(new Event().wrap(memory, 0, 64)).isFalse();
        }
    }
}
