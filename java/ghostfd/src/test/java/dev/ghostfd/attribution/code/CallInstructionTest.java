/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes are what GNU as makes of the instructions beside them. */
class CallInstructionTest {
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;
    private static final int RISCV = 243;

    private static boolean mayEnd(int machine, String code) {
        return CallInstruction.mayEnd(machine, ByteBuffer.wrap(HexFormat.of().parseHex(code)));
    }

    @ParameterizedTest
    @CsvSource({
        "9090e8fbffffff, call rel32",
        "9090909090ffd0, call *%rax",
        "9090909041ffd4, call *%r12",
        "9090909090ff10, call *(%rax)",
        "90909090ff5018, call *0x18(%rax)",
        "90ff9000020000, call *0x200(%rax)",
        "90ff1544332211, call *0x11223344(%rip)",
        "909090ff542408, call *8(%rsp)",
        "ff942400020000, call *0x200(%rsp)",
        "90909090ff14c3, call *(%rbx,%rax,8)",
        "ff14c500001000, call *0x100000(,%rax,8)",
        "90909090900f05, syscall",
    })
    void knowsTheCallsOfX86(String code, String instruction) {
        assertThat(mayEnd(X86_64, code)).as(instruction).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "90909090909090, nop",
        "90909090904883, the middle of sub",
        "ff259c2e000090, jmp *0x2e9c(%rip) and nop",
        "90909090c30f1f, ret",
        "9090909090ffe0, jmp *%rax",
        "90909090ffd090, call *%rax with nop behind",
        "e8fbffffff9090, call rel32 with nops behind",
    })
    void knowsWhatIsNoCallOnX86(String code, String instruction) {
        assertThat(mayEnd(X86_64, code)).as(instruction).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "00000001000094, bl, true",
        "00000000003fd6, blr x0, true",
        "000000010000d4, svc 0, true",
        "0000001f2003d5, nop, false",
        "000000c0035fd6, ret, false",
        "00000001000014, b, false",
    })
    void knowsTheCallsOfArm(String code, String instruction, boolean call) {
        assertThat(mayEnd(AARCH64, code)).as(instruction).isEqualTo(call);
    }

    @ParameterizedTest
    @CsvSource("00000000000000")
    void takesAnythingForACallOnAMachineItDoesNotKnow(String code) {
        assertThat(mayEnd(RISCV, code)).isTrue();
    }
}
