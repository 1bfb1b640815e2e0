/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class HealingPropertyTest {
    @Property(tries = 400)
    void oneSnapshotAfterALossTheTablesAreTheKernelsAgain(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 400) int steps,
            @ForAll @DoubleRange(min = 0.01, max = 0.9) double loss) {
        RandomLife life = new RandomLife(seed);

        life.live(steps, loss);
        life.known.heal();
        life.known.equalsTheKernel();

        life.live(steps, 0);
        life.known.equalsTheKernel();
        life.end();
    }
}
