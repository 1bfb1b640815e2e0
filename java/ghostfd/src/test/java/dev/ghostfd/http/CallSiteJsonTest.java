/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CallSiteJsonTest {
    private static String written(Frame... frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonWriter json = JsonWriter.to(out)) {
            json.object(() -> CallSiteJson.write(json, "callSite", List.of(frames)));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsAllOfAFrame() throws IOException {
        assertThat(written(new Frame(
                        Optional.of("main.runJob"),
                        Optional.of("/src/job.go"),
                        OptionalInt.of(42),
                        Optional.of("/usr/bin/agent"),
                        0x4a2c10,
                        false)))
                .isEqualTo("""
                        {"callSite":[{"function":"main.runJob","file":"/src/job.go","line":42,\
                        "module":"/usr/bin/agent","address":"0x4a2c10"}]}""");
    }

    @Test
    void saysWhatIsInlinedAndLeavesOutWhatIsNotKnown() throws IOException {
        Frame inlined = new Frame(
                Optional.of("take"), Optional.empty(), OptionalInt.empty(), Optional.of("/srv/agent"), 0x10, true);
        Frame stripped = new Frame(
                Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.of("/srv/agent"), 0x10, false);
        Frame unknown = new Frame(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), -1, false);

        assertThat(written(inlined, stripped, unknown)).isEqualTo("""
                        {"callSite":[{"function":"take","module":"/srv/agent","address":"0x10","inlined":true},\
                        {"module":"/srv/agent","address":"0x10"},{"address":"0xffffffffffffffff"}]}""");
    }

    @Test
    void isAbsentWithoutFrames() throws IOException {
        assertThat(written()).isEqualTo("{}");
    }
}
