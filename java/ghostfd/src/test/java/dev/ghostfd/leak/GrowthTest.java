/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static dev.ghostfd.leak.GrowthRun.SWEEP;
import static dev.ghostfd.leak.GrowthRun.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthTest {
    private static final double HOUR = 3600;
    private static final double DAY = 24 * HOUR;

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 10, 100})
    void aLeakIsReportedWithinTheWindow(double perSecond) {
        GrowthRun run = GrowthRun.over(WINDOW, Course.leak(perSecond));

        assertThat(run.growth()).hasValueSatisfying(growth -> {
            assertThat(growth.perSecond()).isCloseTo(perSecond, Percentage.withPercentage(2));
            assertThat(growth.since() / 1e9).isCloseTo(0, within(2 * SWEEP));
            assertThat((double) growth.risen()).isCloseTo(perSecond * WINDOW, Percentage.withPercentage(5));
            assertThat(growth.steadiness()).isEqualTo(1);
            assertThat(growth.timeToOpen(1024)).isCloseTo(secondsFor(1024 / perSecond), Duration.ofSeconds(16));
        });
    }

    @ParameterizedTest
    @CsvSource({"0", "8", "2000"})
    void aLeakThatBeginsLaterIsReportedWithinAWindowOfItsBeginning(int before) {
        GrowthRun run = GrowthRun.over(HOUR + WINDOW, Course.leak(1).after(HOUR).plus(Course.steady(before)));

        assertThat(run.growth())
                .hasValueSatisfying(growth -> assertThat(growth.since() / 1e9).isCloseTo(HOUR, within(2 * SWEEP)));
    }

    @Test
    void aLeakIsReportedOnceAndForAsLongAsItLasts() {
        GrowthRun run = GrowthRun.over(HOUR, Course.leak(1));

        assertThat(run.begun()).hasSize(1);
        assertThat(run.ended()).isEmpty();
        assertThat(run.growth().orElseThrow().risen()).isBetween(3580, 3600);
    }

    @Test
    void aLeakUnderBusyTrafficIsReportedWithItsOwnRate() {
        Random random = new Random(7);
        Course course = Course.randomLeak(2, random).plus(Course.load(60, 10, random));

        GrowthRun run = GrowthRun.over(2 * WINDOW, course);

        assertThat(run.growth())
                .hasValueSatisfying(
                        growth -> assertThat(growth.perSecond()).isCloseTo(2, Percentage.withPercentage(10)));
    }

    @Test
    void aSlowLeakIsReportedWithinHours() {
        GrowthRun run = GrowthRun.over(6 * HOUR, Course.leak(1.0 / 600));

        assertThat(run.begun())
                .singleElement()
                .satisfies(when -> assertThat(when).isGreaterThan(HOUR));
        assertThat(run.growth().orElseThrow().perSecond()).isCloseTo(1.0 / 600, Percentage.withPercentage(10));
    }

    @Test
    void whatAnHourlyJobLeaksIsReportedWithinADay() {
        GrowthRun run = GrowthRun.over(2 * DAY, Course.leakingJob(10, HOUR));

        assertThat(run.begun())
                .singleElement()
                .satisfies(when -> assertThat(when).isLessThan(DAY));
        assertThat(run.growth().orElseThrow().perSecond()).isCloseTo(10 / HOUR, Percentage.withPercentage(15));
    }

    @Test
    void aSawToothWhoseFloorRisesIsALeakBeneathIt() {
        GrowthRun run = GrowthRun.over(2 * HOUR, Course.leak(0.5).plus(Course.sawTooth(10, 300, 97)));

        assertThat(run.begun()).hasSize(1);
        assertThat(run.growth().orElseThrow().perSecond()).isCloseTo(0.5, Percentage.withPercentage(10));
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "60, 5", "120, 1", "900, 5", "900, 30"})
    void anyWindowAndIntervalWillDo(double window, double sweep) {
        GrowthRun run = new GrowthRun(Course.leak(5), window, sweep).until(window + 2 * sweep);

        assertThat(run.growth())
                .hasValueSatisfying(
                        growth -> assertThat(growth.perSecond()).isCloseTo(5, Percentage.withPercentage(10)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 30, 120, 240, 275})
    void aPoolThatGrowsTo500AndStaysIsNotReported(double fillSeconds) {
        assertThat(GrowthRun.over(DAY, Course.pool(500, fillSeconds)).begun()).isEmpty();
        assertThat(GrowthRun.over(DAY, Course.pool(500, fillSeconds).after(1000))
                        .begun())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {20, 100, 300, 900})
    void aPoolThatFillsTheSlowerTheFullerItIsIsNotReported(double time) {
        assertThat(GrowthRun.over(DAY, Course.fillingPool(500, time)).begun()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {5, 25, 60, 300, 1800})
    void aPoolThatDoublesNowAndThenIsNotReported(double every) {
        assertThat(GrowthRun.over(DAY, Course.doublingPool(8, 2048, every)).begun())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 10.01, 15.02, 25, 60, 290, 300, 450, 900, 1800})
    void aSawToothBetween10And300IsNotReported(double period) {
        assertThat(GrowthRun.over(DAY, Course.sawTooth(10, 300, period)).begun())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {20, 100, 280})
    void aSawToothOfAnyHeightIsNotReportedIfItFallsWithinTheWindow(double period) {
        assertThat(GrowthRun.over(DAY, Course.sawTooth(0, 50_000, period)).begun())
                .isEmpty();
    }

    @Test
    void aHighSawToothThatOutlastsTheWindowIsTakenForALeakOnceAtMost() {
        GrowthRun run = GrowthRun.over(DAY, Course.sawTooth(0, 5000, 1200));

        assertThat(run.begun()).hasSize(1);
        assertThat(run.ended())
                .singleElement()
                .satisfies(when -> assertThat(when).isLessThan(1200 + 2 * SWEEP));
    }

    @ParameterizedTest
    @CsvSource({"0.1, 900", "1, 90", "5, 30"})
    void whatTheCollectorClosesInTheEndIsNotReported(double perSecond, double every) {
        assertThat(GrowthRun.over(DAY, Course.collected(perSecond, every, new Random(3)))
                        .begun())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5, 1", "100, 10", "1000, 300"})
    void evenLoadIsNotReported(double mean, double lifetime) {
        assertThat(GrowthRun.over(7 * DAY, Course.load(mean, lifetime, new Random(5)))
                        .begun())
                .isEmpty();
    }

    @Test
    void loadThatRisesForAnHourIsNotReportedEarly() {
        GrowthRun run = GrowthRun.over(DAY, Course.rampingLoad(50, 500, HOUR, 20, new Random(11)));

        assertThat(run.begun()).allSatisfy(when -> assertThat(when).isGreaterThan(HOUR / 2));
        assertThat(run.growth()).isEmpty();
    }

    @Test
    void noiseIsHardlyEverReported() {
        double standing = IntStream.range(0, 100)
                .mapToObj(Random::new)
                .map(random -> GrowthRun.over(
                        DAY, random.nextBoolean() ? wandering(random) : Course.bursts(200, 300, 60, random)))
                .mapToDouble(GrowthRun::standing)
                .sum();

        assertThat(standing / (100 * DAY)).isLessThan(0.001);
    }

    private static Course wandering(Random random) {
        return Course.wandering(1000, 100 * random.nextDouble(), HOUR * random.nextDouble(), random);
    }

    @ParameterizedTest
    @CsvSource({"1, 900", "10, 2000", "0.1, 7200"})
    void aLeakThatLevelsOffIsResolvedAndStaysSo(double perSecond, double end) {
        GrowthRun run = GrowthRun.over(DAY, Course.leak(perSecond).until(end));

        assertThat(run.begun()).hasSize(1);
        assertThat(run.ended())
                .singleElement()
                .satisfies(when -> assertThat(when)
                        .isBetween(
                                end,
                                end + Math.max(WINDOW / 4, (end - run.begun().getFirst()) / 4)));
    }

    @Test
    void aLeakThatIsClosedIsResolvedInTheNextSweep() {
        double fall = 1000;
        Course course = seconds -> (int) (seconds < fall ? seconds : 20);

        GrowthRun run = GrowthRun.over(HOUR, course);

        assertThat(run.begun()).hasSize(1);
        assertThat(run.ended())
                .singleElement()
                .satisfies(when -> assertThat(when).isBetween(fall, fall + SWEEP));
    }

    @Test
    void aLeakThatGetsSlowerOrFasterGoesOnWithItsNewRate() {
        GrowthRun slower =
                GrowthRun.over(2000, Course.leak(1).plus(Course.leak(2).until(1000)));
        GrowthRun faster =
                GrowthRun.over(2000, Course.leak(1).plus(Course.leak(2).after(1000)));

        assertThat(slower.ended()).isEmpty();
        assertThat(slower.growth().orElseThrow().perSecond()).isCloseTo(1, Percentage.withPercentage(5));
        assertThat(faster.ended()).isEmpty();
        assertThat(faster.growth().orElseThrow().perSecond()).isCloseTo(3, Percentage.withPercentage(5));
    }

    @Test
    void aLeakThatHasReachedTheLimitIsNotResolvedByThat() {
        GrowthRun run = new GrowthRun(Course.leak(1).until(1000)).limit(1002).until(HOUR);

        assertThat(run.begun()).hasSize(1);
        assertThat(run.ended()).isEmpty();
        assertThat(run.growth().orElseThrow().timeToOpen(2)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aLeakIsReportedSoonerWhereLittleIsLeft() {
        Course slow = Course.leak(0.25);

        GrowthRun roomy = new GrowthRun(slow).until(HOUR);
        GrowthRun narrow = new GrowthRun(slow).limit(200).until(HOUR);

        assertThat(narrow.begun().getFirst()).isLessThan(roomy.begun().getFirst());
        assertThat(narrow.begun().getFirst()).isLessThan(HOUR / 8);
    }

    @Test
    void aNewProgramStartsAnew() {
        GrowthRun run = GrowthRun.over(1000, Course.leak(1));
        assertThat(run.growth()).isPresent();

        run.exec();
        run.until(1000 + WINDOW - 4 * SWEEP);
        assertThat(run.growth()).isEmpty();

        run.until(1000 + WINDOW + 2 * SWEEP);
        assertThat(run.growth()).isPresent();
    }

    @Test
    void timeToOpenIsBoundedAndNeverNegative() {
        Growth growth = new Growth(1e-12, 0, 12, 1);

        assertThat(growth.timeToOpen(-3)).isZero();
        assertThat(growth.timeToOpen(1 << 20)).isEqualTo(Duration.ofDays(36500));
        assertThat(growth.timeToOpen(Long.MAX_VALUE)).isEqualTo(Duration.ofDays(36500));
    }

    private static Duration secondsFor(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
