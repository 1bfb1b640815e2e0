/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.metrics.SampleNode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Readiness readiness = new Readiness(nanos::get);

    @Test
    void noticesAConsumerThatHasStoppedPublishing() {
        var view = new SampleNode().view();
        assertThat(readiness.obstacles(view)).isEmpty();

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(12));

        assertThat(readiness.obstacles(view)).containsExactly("nothing published for 12 s");
    }
}
