/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompiledNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "LazyCompile:*run /srv/job.js:42:13             | run                   | /srv/job.js | 42",
                "JS:~runJob file:///srv/job.mjs:7:1             | runJob                | /srv/job.mjs | 7",
                "Function:get size /srv/a b.js:3:5              | get size              | /srv/a b.js | 3",
                "LazyCompile:~ /srv/job.js:1:1                  | (anonymous)           | /srv/job.js | 1",
                "JS:*spawn node:child_process:758:15            | spawn                 | node:child_process | 758",
                "py::run_job:/srv/job.py                        | run_job               | /srv/job.py | -",
                "void com.example.Job.run(int)                  | com.example.Job.run   | - | -",
                "Lcom/example/Job;::run                         | com.example.Job.run   | - | -",
                "java.lang.Process java.lang.ProcessBuilder.start() | java.lang.ProcessBuilder.start | - | -",
                "Builtin:ArrayMap                               | Builtin:ArrayMap      | - | -",
                "JS:*run /srv/job.js:99999999999999:1           | run                   | /srv/job.js | -",
            })
    void tellsWhatTheRuntimeMeans(String name, String function, String file, Integer line) {
        assertThat(CompiledName.parse(name))
                .isEqualTo(new CompiledName(
                        function,
                        Optional.ofNullable(file),
                        line == null ? OptionalInt.empty() : OptionalInt.of(line)));
    }
}
