/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RandomLifeTest {
    @Property(tries = 400)
    void withoutLossTheTablesAreAlwaysTheKernels(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int steps) {
        RandomLife life = new RandomLife(seed);

        life.live(steps, 0);

        life.known.equalsTheKernel();
        assertThat(life.known.tracker.strayEvents()).isZero();
        life.end();
    }
}
