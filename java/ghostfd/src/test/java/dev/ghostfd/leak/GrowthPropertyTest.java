/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static dev.ghostfd.leak.GrowthRun.SWEEP;
import static dev.ghostfd.leak.GrowthRun.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Percentage;

/** What holds for every leak and every innocent course, not only for those that somebody thought of. */
class GrowthPropertyTest {
    private static final double HOUR = 3600;

    @Property(tries = 500)
    void everyEvenLeakIsFoundInTimeWithItsRate(
            @ForAll @DoubleRange(min = 0.03, max = 100) double perSecond,
            @ForAll @IntRange(max = 2000) int before,
            @ForAll @DoubleRange(max = 3000) double beginning,
            @ForAll @DoubleRange(min = 0.5, max = 10) double sweep) {
        Course course = Course.leak(perSecond).after(beginning).plus(Course.steady(before));

        GrowthRun run = new GrowthRun(course, WINDOW, sweep).until(beginning + due(perSecond) * 1.05 + 2 * sweep);

        assertThat(run.begun()).hasSize(1);
        assertThat(run.growth().orElseThrow().perSecond()).isCloseTo(perSecond, Percentage.withPercentage(10));
    }

    /** Arrivals at random differ from their mean by themselves: hence more time, and a wider margin. */
    @Property(tries = 300)
    void everyRandomLeakUnderTrafficIsFound(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.05, max = 20) double perSecond,
            @ForAll @DoubleRange(max = 50) double traffic,
            @ForAll @DoubleRange(min = 1, max = 60) double lifetime) {
        Random random = new Random(seed);
        Course course = Course.randomLeak(perSecond, random).plus(Course.load(traffic, lifetime, random));

        GrowthRun run = GrowthRun.over(3 * due(perSecond), course);

        assertThat(run.begun()).isNotEmpty();
        assertThat(run.growth())
                .hasValueSatisfying(
                        growth -> assertThat(growth.perSecond()).isCloseTo(perSecond, Percentage.withPercentage(35)));
    }

    @Property(tries = 300)
    void noPoolThatFillsWithinTheWindowIsReported(
            @ForAll @IntRange(min = 1, max = 50_000) int size,
            @ForAll @DoubleRange(min = 1, max = 275) double fillSeconds,
            @ForAll @DoubleRange(max = 3000) double beginning,
            @ForAll @IntRange(max = 100) int before) {
        Course course = Course.pool(size, fillSeconds).after(beginning).plus(Course.steady(before));

        assertThat(GrowthRun.over(2 * HOUR, course).begun()).isEmpty();
    }

    @Property(tries = 300)
    void noPoolThatFillsEverSlowerIsReported(
            @ForAll @IntRange(min = 1, max = 50_000) int size, @ForAll @DoubleRange(min = 1, max = 400) double time) {
        assertThat(GrowthRun.over(3 * HOUR, Course.fillingPool(size, time)).begun())
                .isEmpty();
    }

    @Property(tries = 300)
    void noPoolThatDoublesIsReported(
            @ForAll @IntRange(min = 1, max = 20) int first,
            @ForAll @IntRange(min = 1, max = 50_000) int size,
            @ForAll @DoubleRange(min = 1, max = 1800) double every) {
        assertThat(GrowthRun.over(4 * HOUR, Course.doublingPool(first, Math.max(first, size), every))
                        .begun())
                .isEmpty();
    }

    @Property(tries = 300)
    void noSawToothOfUpTo290IsReportedIfItTakesNoMoreThanSixWindows(
            @ForAll @IntRange(max = 200) int low,
            @ForAll @IntRange(min = 1, max = 290) int height,
            @ForAll @DoubleRange(min = 2 * SWEEP, max = 6 * WINDOW) double period,
            @ForAll @DoubleRange(max = 3000) double beginning) {
        Course course = Course.sawTooth(low, low + height, period).after(beginning);

        assertThat(GrowthRun.over(4 * HOUR, course).begun()).isEmpty();
    }

    @Property(tries = 300)
    void noSawToothThatFallsWithinTheWindowIsReported(
            @ForAll @IntRange(min = 1, max = 50_000) int height,
            @ForAll @DoubleRange(min = 2 * SWEEP, max = 280) double period) {
        assertThat(GrowthRun.over(2 * HOUR, Course.sawTooth(3, 3 + height, period))
                        .begun())
                .isEmpty();
    }

    @Property(tries = 300)
    void nothingThatTheCollectorClosesEveryThreeMinutesIsReported(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.01, max = 50) double perSecond,
            @ForAll @DoubleRange(min = 10, max = 180) double every) {
        assertThat(GrowthRun.over(4 * HOUR, Course.collected(perSecond, every, new Random(seed)))
                        .begun())
                .isEmpty();
    }

    /** When a leak at this rate has to be reported: after the window, slower ones when they have risen enough. */
    private static double due(double perSecond) {
        GrowthScale scale = new GrowthScale(Math.round(WINDOW * 1e9));
        double time = WINDOW;
        while (perSecond * time < scale.requiredRise(time * 1e9, Long.MAX_VALUE)) {
            time *= 1.01;
        }
        return time;
    }
}
