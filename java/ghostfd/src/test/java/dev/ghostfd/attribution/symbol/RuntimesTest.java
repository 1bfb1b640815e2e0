/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimesTest {
    private final Runtimes runtimes = Runtimes.load();

    private static Frame frame(String module, String function, String file) {
        return new Frame(
                Optional.ofNullable(function),
                Optional.ofNullable(file),
                OptionalInt.empty(),
                Optional.ofNullable(module),
                0x1000,
                false);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/lib/x86_64-linux-gnu/libc.so.6, pipe2, -",
                "/usr/lib/x86_64-linux-gnu/libpthread-2.31.so, -, -",
                "/lib/ld-musl-x86_64.so.1, -, -",
                "/lib64/ld-linux-x86-64.so.2, -, -",
                "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30, -, -",
                "/usr/bin/python3.11, _PyEval_EvalFrameDefault, -",
                "/usr/lib/libpython3.12.so.1.0, -, -",
                "/usr/lib/python3.11/lib-dynload/_posixsubprocess.cpython-311-x86_64-linux-gnu.so, -, -",
                "/usr/local/bin/node, uv_spawn, -",
                "/opt/jdk/lib/server/libjvm.so, -, -",
                "/usr/lib/x86_64-linux-gnu/libruby-3.1.so.3.1.2, -, -",
                "/usr/bin/perl, Perl_pp_pipe_op, -",
                "/srv/agent, syscall.forkExec, /usr/lib/go-1.19/src/syscall/exec_unix.go",
                "/srv/agent, os/exec.(*Cmd).StdoutPipe, -",
                "/srv/agent, internal/poll.(*FD).Init, -",
                "/srv/agent, runtime.main, -",
                "/srv/agent, vendor/golang.org/x/net/http2.run, -",
                "/srv/agent, golang.org/x/sys/unix.Pipe2, -",
                "/srv/agent, std::process::Command::spawn, -",
                "/srv/agent, alloc::boxed::Box<F>::call, /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/alloc/src/boxed.rs",
                "/srv/agent, core::ops::function::FnOnce::call_once, -",
                "/srv/agent, __open64_nocancel, -",
                "/srv/agent, std::vector<int>::push_back, /usr/include/c++/12/bits/stl_vector.h",
                "-, Interpreter, -",
                "-, java.lang.ProcessBuilder.start, -",
                "-, Builtin:ArrayMap, -",
                "-, spawn, node:child_process",
                "-, Popen.__init__, /usr/lib/python3.12/subprocess.py",
                "-, -, -",
            })
    void leavesOutRuntimes(String module, String function, String file) {
        assertThat(runtimes.isRuntime(frame(module, function, file))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/srv/agent, main.runJob, /src/job.go",
                "/srv/agent, jobs/worker.Run, /src/worker.go",
                "/srv/agent, github.com/acme/os/exec.Run, -",
                "/srv/agent, example.com/net.Dial, -",
                "/srv/agent, leak::run, /src/main.rs",
                "/srv/agent, core::run, /src/core.cc",
                "/srv/agent, open, /src/open.c",
                "/srv/agent, open_pipes, -",
                "/srv/agent, -, -",
                "/srv/pythonic, run, -",
                "/srv/libcurl.so.4, curl_easy_perform, -",
                "/usr/lib/python3/dist-packages/numpy/core.so, run, -",
                "/home/nodes/agent, run, -",
                "-, com.example.Job.run, -",
                "-, run, /srv/job.js",
                "-, run, /usr/lib/python3.12/site-packages/job.py",
            })
    void keepsPeoplesOwnCode(String module, String function, String file) {
        assertThat(runtimes.isRuntime(frame(module, function, file))).isFalse();
    }

    @Test
    void keepsRuntimesBehindTheFirstOfTheUser() {
        Frame pipe = frame("/lib/libc.so.6", "pipe", null);
        Frame user = frame("/srv/agent", "run", "/src/run.c");
        Frame start = frame("/lib/libc.so.6", "__libc_start_main", null);

        assertThat(runtimes.fold(List.of(pipe, user, start))).containsExactly(user, start);
        assertThat(runtimes.fold(List.of(pipe, start))).containsExactly(pipe, start);
        assertThat(runtimes.fold(List.of())).isEmpty();
    }
}
