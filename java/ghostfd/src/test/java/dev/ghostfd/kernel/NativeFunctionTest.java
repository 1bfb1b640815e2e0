/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class NativeFunctionTest {
    private static final int SYS_MMAP = System.getProperty("os.arch").equals("aarch64") ? 222 : 9;
    private static final int EBADF = 9;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    @Test
    void passesNumbersAndPointersAndReturnsThem() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom("ghostfd");

            assertThat(NativeFunction.ofLibc("strlen").word(text)).isEqualTo(7);
            assertThat(NativeFunction.ofLibc("strchr").pointer(text, (int) 't').address())
                    .isEqualTo(text.address() + 4);
            assertThat(NativeFunction.ofLibc("memset").pointer(text, (int) 'x', 2L))
                    .isEqualTo(at(text));
            assertThat(text.getString(0)).isEqualTo("xxostfd");
        }
    }

    private static MemorySegment at(MemorySegment memory) {
        return MemorySegment.ofAddress(memory.address());
    }

    @Test
    void keepsTheSignOfAnInt() {
        NativeFunction abs = NativeFunction.ofLibc("abs");

        assertThat(abs.number(-5)).isEqualTo(5);
        assertThat(abs.number(Integer.MIN_VALUE)).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void tellsTheErrorNumberWhereTheFunctionSaysMinusOne() {
        NativeFunction close = NativeFunction.ofLibc("close");

        assertThat(close.number(-1)).isEqualTo(-1);
        assertThat(NativeFunction.errno()).isEqualTo(EBADF);
        assertThat(close.numberOrErrno(-1)).isEqualTo(-EBADF);
    }

    @Test
    void passesSevenArguments() {
        long offsetWithinPage = 1;

        assertThat(NativeFunction.ofLibc("syscall")
                        .wordOrErrno(SYS_MMAP, 0, 4096, Libc.PROT_READ, MAP_PRIVATE_ANONYMOUS, -1, offsetWithinPage))
                .isEqualTo(-Errno.EINVAL);
        assertThatThrownBy(() -> NativeFunction.ofLibc("syscall").word(0, 0, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatHasNoAddress() {
        assertThatThrownBy(() -> NativeFunction.ofLibc("strlen").word(MemorySegment.ofArray(new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NativeFunction.ofLibc("strlen").word('c'))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesMemoryThatHasBeenGivenBack() {
        MemorySegment text;
        try (Arena arena = Arena.ofConfined()) {
            text = arena.allocateFrom("ghostfd");
        }
        assertThatThrownBy(() -> NativeFunction.ofLibc("strlen").word(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesAFunctionThatIsNotThere() {
        assertThatThrownBy(() -> NativeFunction.ofLibc("no_such_function"))
                .isInstanceOf(LinkageError.class)
                .hasMessageContaining("no_such_function");
        assertThat(NativeFunction.ifInLibc("no_such_function")).isEmpty();
    }
}
