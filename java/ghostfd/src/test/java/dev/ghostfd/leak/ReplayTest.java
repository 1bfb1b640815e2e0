/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.BootClock;
import dev.ghostfd.event.RecordingReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings of corpus programs, each of 2 or 3 instances, made with 'ghostfd record --grace=1s --sweep-interval=500ms'. */
class ReplayTest {
    private static byte[] recording(String name) throws IOException {
        try (InputStream in = ReplayTest.class.getResourceAsStream("/recordings/" + name + ".ghostfd")) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }

    private static Replay.Result replay(byte[] recording) throws IOException {
        try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(recording))) {
            return Replay.of(reader, reader.grace());
        }
    }

    private static Map<String, Integer> byRule(Replay.Result result) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Replay.Finding finding : result.findings()) {
            String key = finding.leak().rule().label() + " "
                    + finding.leak().confidence().label();
            counts.merge(key, 1, Integer::sum);
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource({"go-stdoutpipe-nowait, 3, 3", "py-popen-stdout-kept, 6, 0", "c-zombies, 0, 3"})
    void findsTheLeaksOfLeakingPrograms(String name, int pipes, int zombies) throws IOException {
        Replay.Result result = replay(recording(name));

        Map<String, Integer> expected = new TreeMap<>();
        if (pipes > 0) {
            expected.put("orphaned-pipe confirmed", pipes);
        }
        if (zombies > 0) {
            expected.put("unreaped-child confirmed", zombies);
        }
        assertThat(result.damage()).isEmpty();
        assertThat(byRule(result)).isEqualTo(expected);
        assertThat(result.findings()).allSatisfy(finding -> {
            assertThat(finding.resolvedAt()).as("the program ended").isPresent();
            assertThat(finding.leak().child()).isPresent();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"c-churn-posix-spawn", "c-selfpipe", "c-prefork-channels", "c-daemonize-clean"})
    void findsNothingInInnocentPrograms(String name) throws IOException {
        Replay.Result result = replay(recording(name));

        assertThat(result.damage()).isEmpty();
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void findsTheSameEachTime() throws IOException {
        byte[] recording = recording("go-stdoutpipe-nowait");
        Replay.Result first = replay(recording);

        for (int i = 0; i < 100; i++) {
            assertThat(replay(recording)).isEqualTo(first);
        }
    }

    @Test
    void endsCleanlyWhereARecordingIsCut() throws IOException {
        byte[] recording = recording("py-popen-stdout-kept");
        int findings = replay(recording).findings().size();
        for (int percent = 1; percent < 100; percent++) {
            byte[] cut = Arrays.copyOf(recording, Math.max(32, recording.length * percent / 100));

            Replay.Result result = replay(cut);

            assertThat(result.damage()).as("cut at %d %%", percent).isPresent();
            assertThat(result.findings()).hasSizeLessThanOrEqualTo(findings);
        }
    }

    @Test
    void findsLessUnderALongerGrace() throws IOException {
        try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(recording("c-zombies")))) {
            assertThat(new BootClock(reader.wallClockOffset()).instant(0)).isNotNull();

            assertThat(Replay.of(reader, 3_600_000_000_000L).findings()).isEmpty();
        }
    }
}
