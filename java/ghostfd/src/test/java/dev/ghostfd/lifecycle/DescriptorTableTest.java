/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class DescriptorTableTest {
    private static final int MOST_TABLES = 6;

    enum Act {
        PUT,
        REMOVE,
        COPY,
        RELEASE
    }

    record Step(Act act, int table, int fd, Kind kind, long inode) {}

    private record Slots(long head, long inode, long opened, long file) {}

    /** A table beside the plain map that says what must be in it. */
    private record Pair(DescriptorTable table, Map<Integer, Slots> model) {}

    private final Channels pipes = new Channels();

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Act> acts = Arbitraries.frequency(
                Tuple.of(10, Act.PUT), Tuple.of(6, Act.REMOVE), Tuple.of(2, Act.COPY), Tuple.of(1, Act.RELEASE));
        Arbitrary<Integer> fds = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 40), Arbitraries.integers().between(0, 5_000));
        return Combinators.combine(
                        acts,
                        Arbitraries.integers().between(0, MOST_TABLES - 1),
                        fds,
                        Arbitraries.of(Kind.PIPE, Kind.PIPE, Kind.FIFO, Kind.FILE, Kind.SOCKET, Kind.ANON),
                        Arbitraries.longs().between(1, 12))
                .as(Step::new)
                .list()
                .ofMaxSize(250);
    }

    @Property
    void copiesAreIndependentAndEveryPipeEndIsCountedForAsLongAsATableHoldsIt(@ForAll("steps") List<Step> steps) {
        List<Pair> all = new ArrayList<>();
        all.add(new Pair(new DescriptorTable(1, pipes), new TreeMap<>()));
        long opened = 0;
        for (Step step : steps) {
            if (all.isEmpty()) {
                all.add(new Pair(new DescriptorTable(1, pipes), new TreeMap<>()));
            }
            apply(step, all, Slot.opened(++opened << 16, step.fd()));
            assertThat(pipes.size()).isEqualTo(heldPipes(all));
        }
        all.forEach(DescriptorTableTest::assertSame);
        all.forEach(pair -> pair.table().release());
        assertThat(pipes.size()).isZero();
    }

    private static void apply(Step step, List<Pair> all, long opened) {
        Pair pair = all.get(step.table() % all.size());
        DescriptorTable table = pair.table();
        switch (step.act()) {
            case PUT -> {
                int flags = step.fd() % 2 == 0 ? Flags.READ : Flags.WRITE;
                Slots slots = new Slots(
                        Slot.head(step.kind().ordinal(), Origin.TRACED, flags), step.inode(), opened, -opened);
                table.put(step.fd(), slots.head(), slots.inode(), slots.opened(), slots.file());
                pair.model().put(step.fd(), slots);
            }
            case REMOVE ->
                assertThat(table.remove(step.fd())).isEqualTo(pair.model().remove(step.fd()) != null);
            case COPY -> {
                if (all.size() < MOST_TABLES) {
                    all.add(new Pair(table.copy(0), new TreeMap<>(pair.model())));
                }
            }
            case RELEASE -> {
                table.release();
                assertThat(table.open()).isZero();
                all.remove(pair);
            }
        }
    }

    private static int heldPipes(List<Pair> all) {
        Set<String> held = new HashSet<>();
        for (Pair pair : all) {
            for (Slots slots : pair.model().values()) {
                if (Slot.isChannel(slots.head())) {
                    held.add(Slot.kind(slots.head()) + " " + slots.inode());
                }
            }
        }
        return held.size();
    }

    private static void assertSame(Pair pair) {
        Map<Integer, Slots> found = new TreeMap<>();
        pair.table().forEach((fd, words, base) -> {
            assertThat(pair.table().head(fd)).isEqualTo(words[base]);
            found.put(
                    fd,
                    new Slots(
                            words[base], words[base + Slot.INODE], words[base + Slot.OPENED], words[base + Slot.FILE]));
        });
        assertThat(found).isEqualTo(pair.model());
        assertThat(pair.table().open()).isEqualTo(found.size());
        for (Kind kind : List.of(Kind.PIPE, Kind.FIFO, Kind.FILE, Kind.SOCKET, Kind.ANON, Kind.PTY)) {
            long count = found.values().stream()
                    .filter(slots -> Slot.kind(slots.head()) == kind.ordinal())
                    .count();
            assertThat(pair.table().open(kind)).isEqualTo((int) count);
        }
        assertThat(found.keySet()).allMatch(fd -> fd < pair.table().limit());
    }

    @Example
    void visitsNumbersInAscendingOrder() {
        DescriptorTable table = new DescriptorTable(1, pipes);
        for (int fd : new int[] {4_000, 3, 17, 0, 16, 15}) {
            table.put(fd, Slot.head(Kind.FILE.ordinal(), Origin.TRACED, 0), fd, 0, 1);
        }
        List<Integer> visited = new ArrayList<>();

        table.forEach((fd, words, base) -> visited.add(fd));

        assertThat(visited).containsExactly(0, 3, 15, 16, 17, 4_000);
    }

    @Example
    void aFifoAndAPipeMayHaveTheSameInodeNumber() {
        DescriptorTable table = new DescriptorTable(1, pipes);
        table.put(3, Slot.head(Kind.PIPE.ordinal(), Origin.TRACED, Flags.READ), 7, 0, 1);
        table.put(4, Slot.head(Kind.FIFO.ordinal(), Origin.TRACED, Flags.READ), 7, 0, 2);

        assertThat(pipes.find(Kind.PIPE, 7)).isNotSameAs(pipes.find(Kind.FIFO, 7));
        table.remove(3);
        assertThat(pipes.find(Kind.PIPE, 7)).isNull();
        assertThat(pipes.find(Kind.FIFO, 7).isHeld()).isTrue();
    }

    @Example
    void aPipeNobodyHoldsAnyMoreSaysSo() {
        DescriptorTable table = new DescriptorTable(1, pipes);
        table.put(3, Slot.head(Kind.PIPE.ordinal(), Origin.TRACED, Flags.READ), 7, 0, 1);
        Channel pipe = pipes.find(Kind.PIPE, 7);
        DescriptorTable copy = table.copy(2);
        table.release();
        assertThat(pipe.isHeld()).isTrue();

        copy.remove(3);

        assertThat(pipe.isHeld()).isFalse();
    }

    @Example
    void theSamePipeUnderTheSameNumberKeepsItsHistory() {
        DescriptorTable table = new DescriptorTable(1, pipes);
        long head = Slot.head(Kind.PIPE.ordinal(), Origin.TRACED, Flags.READ);
        table.put(3, head, 7, 0, 1);
        Channel pipe = pipes.find(Kind.PIPE, 7);

        table.put(3, head, 7, 0, 2);

        assertThat(pipes.find(Kind.PIPE, 7)).isSameAs(pipe);
        assertThat(pipe.isHeld()).isTrue();
        assertThat(List.of(table.open(), pipes.size())).containsExactly(1, 1);
    }
}
