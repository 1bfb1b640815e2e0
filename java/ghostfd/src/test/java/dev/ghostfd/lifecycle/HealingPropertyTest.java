/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /**
     * A process whose first thread took another's table unseen; an empty table whose owner exited unseen; a table whose owner
     * exited, used by a process whose fork was unseen, and shared by a child of that.
     */
    @ParameterizedTest
    @CsvSource({"7, 140, 0.53", "5590, 121, 0.65", "1621765491, 59, 0.18"})
    void whatFailedOnceStaysHealed(long seed, int steps, double loss) {
        oneSnapshotAfterALossTheTablesAreTheKernelsAgain(seed, steps, loss);
    }
}
