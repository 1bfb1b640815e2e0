/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.Arrays;

/**
 * The descriptors of one kernel {@code files_struct}. The kernel hands out the lowest free number, so tables are dense: an
 * array of pages of sixteen {@linkplain Slot slots} indexed by number needs no keys and no hashing, about 35 bytes a
 * descriptor in full pages. A page is one array: the slots' words, how many tables share it, how many slots are used. An
 * object around it would be one more cache line to wait for with each event.
 *
 * <p>A copy made by {@link #copy} shares everything until one side changes: the array of pages is copied then, and the one
 * page changed. A page counts the tables it is part of, and each of its channel ends counts for its {@link Channel} once, however
 * many tables share the page; so a fork costs the same for ten descriptors as for a million. Not thread-safe.
 */
final class DescriptorTable {
    private static final int PAGE_SHIFT = 4;
    private static final int PAGE_SLOTS = 1 << PAGE_SHIFT;
    private static final int SHARERS = PAGE_SLOTS * Slot.WORDS;
    private static final int USED = SHARERS + 1;
    private static final int PAGE_WORDS = USED + 1;
    private static final long[][] NO_PAGES = {};

    /** Sees the slots of a table in ascending order; {@code base} indexes the slot's first word. */
    interface Visitor {
        void slot(int fd, long[] words, int base);
    }

    private static final class Top {
        long[][] pages;
        int sharers = 1;

        Top(long[][] pages) {
            this.pages = pages;
        }
    }

    private final Channels channels;
    private final int[] byKind;
    private Top top;
    private int open;
    private int masters;

    /** The page that was emptied last: a program that opens and closes its highest number does not make one each time. */
    private long[] spare;

    /** Identity of the kernel's table, 0 for a copy kept only to remember. */
    long identity;

    /** How many processes, and threads apart from theirs, use it. */
    int users = 1;

    /** The last snapshot that showed a descriptor in it. */
    int round;

    /** The last snapshot in which a task had it. */
    int usedRound;

    /** Tasks that are not known to use it do: it stays when those that are known have left, until a snapshot says whose it is. */
    boolean usedByOthers;

    /** What it holds is not certain, because its source may have changed while it was copied. */
    boolean doubtful;

    /** The oldest process that uses it; null for a copy kept only to remember. */
    TrackedProcess owner;

    DescriptorTable(long identity, Channels channels) {
        this(identity, channels, new Top(NO_PAGES), new int[Kind.PROCESS.ordinal()], 0);
    }

    private DescriptorTable(long identity, Channels channels, Top top, int[] byKind, int open) {
        this.identity = identity;
        this.channels = channels;
        this.top = top;
        this.byKind = byKind;
        this.open = open;
    }

    int open() {
        return open;
    }

    int open(Kind kind) {
        return byKind[kind.ordinal()];
    }

    /** How many of the open ones are the master side of a pty. */
    int masters() {
        return masters;
    }

    /** The first word of a slot, 0 when the number is free. */
    long head(int fd) {
        long[] words = words(fd);
        return words == null ? 0 : words[base(fd)];
    }

    /** The words of the page a number lies in, null when the page is empty; read only. */
    long[] words(int fd) {
        int page = fd >> PAGE_SHIFT;
        long[][] pages = top.pages;
        return page < pages.length && page >= 0 ? pages[page] : null;
    }

    /** Index of a number's first word in its page. */
    static int base(int fd) {
        return (fd & PAGE_SLOTS - 1) * Slot.WORDS;
    }

    /** Sets a slot, whatever was in it. */
    void put(int fd, long head, long inode, long opened, long file) {
        long[] words = writable(fd);
        int base = base(fd);
        /* Before the old one goes: it may be an end of the same channel, whose history would go with it. */
        if (Slot.isChannel(head)) {
            channels.retain(head, inode);
        }
        drop(words, base);
        words[base] = head;
        words[base + Slot.INODE] = inode;
        words[base + Slot.OPENED] = opened;
        words[base + Slot.FILE] = file;
        words[USED]++;
        open++;
        masters += Slot.isMaster(head) ? 1 : 0;
        byKind[Slot.kind(head)]++;
    }

    /** Notes where a descriptor was made, if the number still stands for it. */
    void noteCallSite(int fd, long file, int callSite) {
        long[] words = words(fd);
        int base = base(fd);
        if (words != null && words[base] != 0 && words[base + Slot.FILE] == file) {
            long head = Slot.withCallSite(words[base], callSite);
            writable(fd)[base] = head;
        }
    }

    /** Frees a number; false if it was free. */
    boolean remove(int fd) {
        if (head(fd) == 0) {
            return false;
        }
        long[] words = writable(fd);
        drop(words, base(fd));
        if (words[USED] == 0) {
            top.pages[fd >> PAGE_SHIFT] = null;
            spare = words;
        }
        return true;
    }

    private void drop(long[] words, int base) {
        long head = words[base];
        if (head == 0) {
            return;
        }
        words[USED]--;
        open--;
        masters -= Slot.isMaster(head) ? 1 : 0;
        byKind[Slot.kind(head)]--;
        if (Slot.isChannel(head)) {
            channels.release(head, words[base + Slot.INODE]);
        }
        Arrays.fill(words, base, base + Slot.WORDS, 0);
    }

    /** One past the highest number that may be in use. */
    int limit() {
        return top.pages.length << PAGE_SHIFT;
    }

    void forEach(Visitor visitor) {
        long[][] pages = top.pages;
        for (int i = 0; i < pages.length; i++) {
            if (pages[i] != null) {
                long[] words = pages[i];
                for (int base = 0; base < SHARERS; base += Slot.WORDS) {
                    if (words[base] != 0) {
                        visitor.slot((i << PAGE_SHIFT) + base / Slot.WORDS, words, base);
                    }
                }
            }
        }
    }

    /** The slots that a copy taken earlier has and this table has not, or not the same; pages that both share cost nothing. */
    @SuppressWarnings("ReferenceEquality")
    void forEachGone(DescriptorTable earlier, Visitor visitor) {
        long[][] before = earlier.top.pages;
        long[][] now = top.pages;
        if (before == now) {
            return;
        }
        for (int i = 0; i < before.length; i++) {
            long[] page = i < now.length ? now[i] : null;
            if (before[i] == null || before[i] == page) {
                continue;
            }
            long[] words = before[i];
            for (int base = 0; base < SHARERS; base += Slot.WORDS) {
                boolean same = page != null && page[base + Slot.FILE] == words[base + Slot.FILE];
                if (words[base] != 0 && !same) {
                    visitor.slot((i << PAGE_SHIFT) + base / Slot.WORDS, words, base);
                }
            }
        }
    }

    /** A copy in constant time; the caller releases it. */
    DescriptorTable copy(long copyIdentity) {
        top.sharers++;
        DescriptorTable copy = new DescriptorTable(copyIdentity, channels, top, byKind.clone(), open);
        copy.doubtful = doubtful;
        copy.masters = masters;
        return copy;
    }

    /** Gives up everything; the table is empty afterwards. */
    void release() {
        if (--top.sharers == 0) {
            for (long[] page : top.pages) {
                if (page != null && --page[SHARERS] == 0) {
                    forEachChannel(page, false);
                }
            }
        }
        top = new Top(NO_PAGES);
        spare = null;
        open = 0;
        masters = 0;
        Arrays.fill(byKind, 0);
    }

    private long[] writable(int fd) {
        int index = fd >> PAGE_SHIFT;
        if (top.sharers > 1) {
            unshareTop();
        }
        if (index >= top.pages.length) {
            top.pages = Arrays.copyOf(top.pages, Math.max(index + 1, top.pages.length + (top.pages.length >> 1)));
        }
        long[] page = top.pages[index];
        if (page != null && page[SHARERS] == 1) {
            return page;
        }
        if (page == null) {
            page = newPage();
        } else {
            page[SHARERS]--;
            page = page.clone();
            page[SHARERS] = 1;
            forEachChannel(page, true);
        }
        top.pages[index] = page;
        return page;
    }

    private long[] newPage() {
        long[] page = spare;
        spare = null;
        if (page == null) {
            page = new long[PAGE_WORDS];
            page[SHARERS] = 1;
        }
        return page;
    }

    private void unshareTop() {
        top.sharers--;
        top = new Top(top.pages.clone());
        for (long[] page : top.pages) {
            if (page != null) {
                page[SHARERS]++;
            }
        }
    }

    private void forEachChannel(long[] words, boolean retain) {
        for (int base = 0; base < SHARERS; base += Slot.WORDS) {
            if (Slot.isChannel(words[base])) {
                if (retain) {
                    channels.retain(words[base], words[base + Slot.INODE]);
                } else {
                    channels.release(words[base], words[base + Slot.INODE]);
                }
            }
        }
    }
}
