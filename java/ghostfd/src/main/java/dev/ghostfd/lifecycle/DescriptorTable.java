/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.Arrays;

/**
 * The descriptors of one kernel {@code files_struct}. The kernel hands out the lowest free number, so tables are dense: an
 * array of pages of sixteen {@linkplain Slot slots} indexed by number needs no keys and no hashing, about 35 bytes a
 * descriptor in full pages.
 *
 * <p>A copy made by {@link #copy} shares everything until one side changes: the array of pages is copied then, and the one
 * page changed. A page counts the tables it is part of, and each of its channel ends counts for its {@link Channel} once, however
 * many tables share the page; so a fork costs the same for ten descriptors as for a million. Not thread-safe.
 */
final class DescriptorTable {
    private static final int PAGE_SHIFT = 4;
    private static final int PAGE_SLOTS = 1 << PAGE_SHIFT;
    private static final Page[] NO_PAGES = {};

    /** Sees the slots of a table in ascending order; {@code base} indexes the slot's first word. */
    interface Visitor {
        void slot(int fd, long[] words, int base);
    }

    private static final class Page {
        final long[] words;
        int sharers = 1;
        int used;

        Page(long[] words, int used) {
            this.words = words;
            this.used = used;
        }
    }

    private static final class Top {
        Page[] pages;
        int sharers = 1;

        Top(Page[] pages) {
            this.pages = pages;
        }
    }

    private final Channels channels;
    private final int[] byKind;
    private Top top;
    private int open;
    private int masters;

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
        Page[] pages = top.pages;
        return page < pages.length && page >= 0 && pages[page] != null ? pages[page].words : null;
    }

    /** Index of a number's first word in its page. */
    static int base(int fd) {
        return (fd & PAGE_SLOTS - 1) * Slot.WORDS;
    }

    /** Sets a slot, whatever was in it. */
    void put(int fd, long head, long inode, long opened, long file) {
        Page page = writable(fd);
        long[] words = page.words;
        int base = base(fd);
        /* Before the old one goes: it may be an end of the same channel, whose history would go with it. */
        if (Slot.isChannel(head)) {
            channels.retain(head, inode);
        }
        drop(words, base, page);
        words[base] = head;
        words[base + Slot.INODE] = inode;
        words[base + Slot.OPENED] = opened;
        words[base + Slot.FILE] = file;
        page.used++;
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
            writable(fd).words[base] = head;
        }
    }

    /** Frees a number; false if it was free. */
    boolean remove(int fd) {
        if (head(fd) == 0) {
            return false;
        }
        Page page = writable(fd);
        drop(page.words, base(fd), page);
        if (page.used == 0) {
            top.pages[fd >> PAGE_SHIFT] = null;
        }
        return true;
    }

    private void drop(long[] words, int base, Page page) {
        long head = words[base];
        if (head == 0) {
            return;
        }
        page.used--;
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
        Page[] pages = top.pages;
        for (int i = 0; i < pages.length; i++) {
            if (pages[i] != null) {
                long[] words = pages[i].words;
                for (int base = 0; base < words.length; base += Slot.WORDS) {
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
        Page[] before = earlier.top.pages;
        Page[] now = top.pages;
        if (before == now) {
            return;
        }
        for (int i = 0; i < before.length; i++) {
            Page page = i < now.length ? now[i] : null;
            if (before[i] == null || before[i] == page) {
                continue;
            }
            long[] words = before[i].words;
            for (int base = 0; base < words.length; base += Slot.WORDS) {
                boolean same = page != null && page.words[base + Slot.FILE] == words[base + Slot.FILE];
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
            for (Page page : top.pages) {
                if (page != null && --page.sharers == 0) {
                    forEachChannel(page, false);
                }
            }
        }
        top = new Top(NO_PAGES);
        open = 0;
        masters = 0;
        Arrays.fill(byKind, 0);
    }

    private Page writable(int fd) {
        int index = fd >> PAGE_SHIFT;
        if (top.sharers > 1) {
            unshareTop();
        }
        if (index >= top.pages.length) {
            top.pages = Arrays.copyOf(top.pages, Math.max(index + 1, top.pages.length + (top.pages.length >> 1)));
        }
        Page page = top.pages[index];
        if (page == null) {
            page = new Page(new long[PAGE_SLOTS * Slot.WORDS], 0);
        } else if (page.sharers > 1) {
            page.sharers--;
            page = new Page(page.words.clone(), page.used);
            forEachChannel(page, true);
        }
        top.pages[index] = page;
        return page;
    }

    private void unshareTop() {
        top.sharers--;
        top = new Top(top.pages.clone());
        for (Page page : top.pages) {
            if (page != null) {
                page.sharers++;
            }
        }
    }

    private void forEachChannel(Page page, boolean retain) {
        long[] words = page.words;
        for (int base = 0; base < words.length; base += Slot.WORDS) {
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
