/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.btf.Btf;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What bpf/events.h says, as clang compiled it, is what is read here: no member more, less or elsewhere. */
class EventLayoutKernelTest {
    private final Btf object = Btf.ofGhostfd();

    private void assertSame(String struct, Btf.Struct here) {
        assertThat(object.struct(struct)).isEqualTo(here);
        assertThat(here.size() % 8).isZero();
    }

    /** An event of this type: the header, then what is added to it. */
    private static Btf.Struct event(int type) {
        return Btf.Struct.of(EventLayout.bytes(type)).with("header", 0, EventLayout.HEADER_BYTES);
    }

    @Test
    void header() {
        Btf.Struct here = Btf.Struct.of(EventLayout.HEADER_BYTES)
                .with("time", EventLayout.TIME, 8)
                .with("table", EventLayout.TABLE, 8)
                .with("tgid", EventLayout.TGID, 4)
                .with("tid", EventLayout.TID, 4)
                .with("fd", EventLayout.FD, 4)
                .with("flags", EventLayout.FLAGS, 2)
                .with("type", EventLayout.TYPE, 1)
                .with("kind", EventLayout.KIND, 1);

        assertSame("event_header", here);
        assertThat(EventLayout.bytes(EventType.CLOSE)).isEqualTo(here.size());
        assertThat(EventLayout.bytes(EventType.CENSUS_END)).isEqualTo(here.size());
    }

    @Test
    void open() {
        assertSame(
                "descriptor_event",
                event(EventType.OPEN).with("inode", EventLayout.INODE, 8).with("file", EventLayout.FILE, 8));
    }

    @Test
    void census() {
        assertSame(
                "census_event",
                event(EventType.CENSUS)
                        .with("inode", EventLayout.INODE, 8)
                        .with("file", EventLayout.FILE, 8)
                        .with("readers", EventLayout.READERS, 4)
                        .with("writers", EventLayout.WRITERS, 4));
    }

    @Test
    void closeRange() {
        assertSame(
                "close_range_event",
                event(EventType.CLOSE_RANGE).with("last", EventLayout.LAST, 4).with("pad", EventLayout.LAST + 4, 4));
    }

    @Test
    void tableCopy() {
        assertSame("table_copy_event", event(EventType.TABLE_COPY).with("source", EventLayout.SOURCE, 8));
    }

    @Test
    void fork() {
        assertSame(
                "fork_event",
                event(EventType.FORK)
                        .with("source", EventLayout.SOURCE, 8)
                        .with("start", EventLayout.FORK_START, 8)
                        .with("child", EventLayout.FORK_CHILD, 4)
                        .with("parent", EventLayout.FORK_PARENT, 4));
    }

    @Test
    void exec() {
        assertSame(
                "exec_event",
                event(EventType.EXEC)
                        .with("start", EventLayout.START, 8)
                        .with("comm", EventLayout.EXEC_COMM, EventLayout.COMM_BYTES));
    }

    @Test
    void exit() {
        assertSame(
                "exit_event",
                event(EventType.EXIT)
                        .with("start", EventLayout.START, 8)
                        .with("status", EventLayout.STATUS, 4)
                        .with("pad", EventLayout.STATUS + 4, 4));
    }

    @Test
    void free() {
        assertSame("free_event", event(EventType.FREE).with("start", EventLayout.START, 8));
    }

    @Test
    void pair() {
        assertSame(
                "pair_event",
                event(EventType.PAIR).with("inode", EventLayout.INODE, 8).with("peer", EventLayout.PAIR_PEER, 8));
    }

    @Test
    void stack() {
        int walk = EventLayout.STACK_COPY - EventLayout.STACK_WALK;
        assertSame(
                "stack_event",
                event(EventType.STACK)
                        .with("file", EventLayout.STACK_FILE, 8)
                        .with("second_file", EventLayout.STACK_SECOND_FILE, 8)
                        .with("instruction", EventLayout.STACK_INSTRUCTION, 8)
                        .with("stack", EventLayout.STACK_POINTER, 8)
                        .with("frame", EventLayout.STACK_FRAME, 8)
                        .with("link", EventLayout.STACK_LINK, 8)
                        .with("second", EventLayout.STACK_SECOND, 4)
                        .with("frames", EventLayout.STACK_FRAMES, 4)
                        .with("length", EventLayout.STACK_LENGTH, 4)
                        .with("pad", EventLayout.STACK_LENGTH + 4, 4)
                        .with("walk", EventLayout.STACK_WALK, walk)
                        .with("bytes", EventLayout.STACK_COPY, EventLayout.STACK_BYTES - EventLayout.STACK_COPY));
    }

    @Test
    void descriptorSnapshot() {
        assertSame(
                "descriptor_snapshot",
                Btf.Struct.of(DescriptorSnapshot.BYTES)
                        .with("time", SnapshotLayout.DESCRIPTOR_TIME, 8)
                        .with("table", SnapshotLayout.DESCRIPTOR_TABLE, 8)
                        .with("inode", SnapshotLayout.DESCRIPTOR_INODE, 8)
                        .with("file", SnapshotLayout.DESCRIPTOR_FILE, 8)
                        .with("self", SnapshotLayout.DESCRIPTOR_SELF, 8)
                        .with("peer", SnapshotLayout.DESCRIPTOR_PEER, 8)
                        .with("tgid", SnapshotLayout.DESCRIPTOR_TGID, 4)
                        .with("tid", SnapshotLayout.DESCRIPTOR_TID, 4)
                        .with("fd", SnapshotLayout.DESCRIPTOR_FD, 4)
                        .with("flags", SnapshotLayout.DESCRIPTOR_FLAGS, 2)
                        .with("kind", SnapshotLayout.DESCRIPTOR_KIND, 1)
                        .with("pad", SnapshotLayout.DESCRIPTOR_KIND + 1, 1)
                        .with("readers", SnapshotLayout.DESCRIPTOR_READERS, 4)
                        .with("writers", SnapshotLayout.DESCRIPTOR_WRITERS, 4)
                        .with("buffered", SnapshotLayout.DESCRIPTOR_BUFFERED, 4)
                        .with("consumed", SnapshotLayout.DESCRIPTOR_CONSUMED, 4));
    }

    @Test
    void taskSnapshot() {
        assertSame(
                "task_snapshot",
                Btf.Struct.of(TaskSnapshot.BYTES)
                        .with("time", SnapshotLayout.TASK_TIME, 8)
                        .with("table", SnapshotLayout.TASK_TABLE, 8)
                        .with("start", SnapshotLayout.TASK_START, 8)
                        .with("cgroup", SnapshotLayout.TASK_CGROUP, 8)
                        .with("soft_limit", SnapshotLayout.TASK_SOFT_LIMIT, 8)
                        .with("hard_limit", SnapshotLayout.TASK_HARD_LIMIT, 8)
                        .with("tgid", SnapshotLayout.TASK_TGID, 4)
                        .with("tid", SnapshotLayout.TASK_TID, 4)
                        .with("parent", SnapshotLayout.TASK_PARENT, 4)
                        .with("ns_pid", SnapshotLayout.TASK_NS_PID, 4)
                        .with("status", SnapshotLayout.TASK_STATUS, 4)
                        .with("flags", SnapshotLayout.TASK_FLAGS, 2)
                        .with("pad", SnapshotLayout.TASK_FLAGS + 2, 2)
                        .with("comm", SnapshotLayout.TASK_COMM, EventLayout.COMM_BYTES));
    }

    @Test
    void eventTypes() {
        Map<String, Integer> kernel = object.values("event_type");
        assertThat(kernel.remove("EVENT_NONE")).isZero();
        assertThat(kernel.remove("EVENT_TYPES")).isEqualTo(EventType.COUNT);
        Map<String, Integer> here = constants(EventType.class);
        here.remove("COUNT");

        assertThat(withoutPrefix(kernel)).isEqualTo(here);
        here.forEach((name, type) -> assertThat(EventType.label(type)).isEqualToIgnoringCase(name));
    }

    @Test
    void kinds() {
        Map<String, Integer> here = Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.PROCESS)
                .collect(Collectors.toMap(Kind::name, Kind::ordinal));

        assertThat(withoutPrefix(object.values("descriptor_kind"))).isEqualTo(here);
    }

    @Test
    void flags() {
        assertThat(withoutPrefix(object.values("record_flag"))).isEqualTo(constants(Flags.class));
    }

    private static Map<String, Integer> withoutPrefix(Map<String, Integer> values) {
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        value -> value.getKey().substring(value.getKey().indexOf('_') + 1), Map.Entry::getValue));
    }

    private static Map<String, Integer> constants(Class<?> in) {
        return Arrays.stream(in.getFields())
                .filter(field -> field.getType() == int.class)
                .collect(Collectors.toMap(Field::getName, EventLayoutKernelTest::read));
    }

    private static int read(Field constant) {
        try {
            return constant.getInt(null);
        } catch (IllegalAccessException cause) {
            throw new AssertionError(cause);
        }
    }
}
