/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/** What processes hold, as the tables say now. Owned by the consumer thread. */
public final class Holdings {
    private final Books books;
    private final CallStacks callStacks;

    /**
     * Descriptors of one process and kind that were made at one place.
     *
     * @param newest the one made last
     */
    public record Site(int count, DescriptorView newest) {}

    Holdings(Books books, CallStacks callStacks) {
        this.books = books;
        this.callStacks = callStacks;
    }

    /** One descriptor of a table. */
    Optional<DescriptorView> descriptor(long table, int fd) {
        DescriptorTable known = books.tables.get(table);
        long[] words = known == null ? null : known.words(fd);
        int base = DescriptorTable.base(fd);
        return words == null || words[base] == 0 ? Optional.empty() : Optional.of(view(fd, words, base));
    }

    /** Every descriptor of a process, ascending. */
    public List<DescriptorView> descriptors(TrackedProcess process) {
        List<DescriptorView> views = new ArrayList<>(process.table.open());
        process.table.forEach((fd, words, base) -> views.add(view(fd, words, base)));
        return views;
    }

    /** The first descriptor above stdio with this identity of an open file description. */
    public Optional<DescriptorView> descriptorOn(TrackedProcess process, long file, long inode) {
        int[] found = {-1};
        process.table.forEach((fd, words, base) -> {
            boolean same = words[base + Slot.FILE] == file && words[base + Slot.INODE] == inode;
            if (same && fd >= Gifts.STANDARD && found[0] < 0) {
                found[0] = fd;
            }
        });
        return found[0] < 0 ? Optional.empty() : descriptor(process.table.identity, found[0]);
    }

    /** Whether a process answers for its table: the oldest of those that share it does. */
    public boolean answersForTable(TrackedProcess process) {
        return !process.hasExited() && process.table.owner == process;
    }

    /** Whether any table has a descriptor of this kind. */
    public boolean hasAny(Kind kind) {
        boolean[] any = {false};
        books.tables.forEach(table -> any[0] |= table.open(kind) > 0);
        return any[0];
    }

    /** Whether any table has the master side of a pty. */
    public boolean hasAnyPtyMaster() {
        boolean[] any = {false};
        books.tables.forEach(table -> any[0] |= table.masters() > 0);
        return any[0];
    }

    public int open(TrackedProcess process) {
        return process.table.open();
    }

    public int open(TrackedProcess process, Kind kind) {
        return process.table.open(kind);
    }

    /** How many more descriptors a process may open; Long.MAX_VALUE when its limit is not known. */
    public long left(TrackedProcess process) {
        return process.softLimit == 0 ? Long.MAX_VALUE : Math.max(0, process.softLimit - process.table.open());
    }

    /**
     * Where most of those that a process has opened of a kind were made; those of unknown origin count as one place.
     *
     * @param since CLOCK_BOOTTIME nanoseconds: only what was opened since then
     * @param counted by number, which ones count
     */
    public Optional<Site> busiestSite(TrackedProcess process, Kind kind, long since, IntPredicate counted) {
        Map<Integer, int[]> sites = new HashMap<>();
        process.table.forEach((fd, words, base) -> {
            long head = words[base];
            boolean ofKind = Slot.kind(head) == kind.ordinal();
            if (ofKind && Slot.time(words[base + Slot.OPENED]) >= since && counted.test(fd)) {
                int[] site = sites.computeIfAbsent(Slot.callSite(head), _ -> new int[] {0, fd});
                site[0]++;
                site[1] = newer(process.table, site[1], fd);
            }
        });
        return sites.values().stream()
                .max(Comparator.comparingInt(site -> site[0]))
                .flatMap(site -> descriptor(process.table.identity, site[1]).map(view -> new Site(site[0], view)));
    }

    private static int newer(DescriptorTable table, int one, int other) {
        long first = table.words(one)[DescriptorTable.base(one) + Slot.OPENED];
        long second = table.words(other)[DescriptorTable.base(other) + Slot.OPENED];
        return second > first ? other : one;
    }

    private DescriptorView view(int fd, long[] words, int base) {
        long head = words[base];
        long openedAt = Slot.time(words[base + Slot.OPENED]);
        return new DescriptorView(
                fd,
                Kind.of(Slot.kind(head)),
                Slot.end(head),
                words[base + Slot.INODE],
                openedAt == 0 ? OptionalLong.empty() : OptionalLong.of(openedAt),
                Slot.tid(words[base + Slot.OPENED]),
                Slot.origin(head),
                callStacks.find(Slot.callSite(head)));
    }
}
