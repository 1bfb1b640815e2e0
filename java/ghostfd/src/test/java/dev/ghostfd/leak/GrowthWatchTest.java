/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which counts get a history, and which lose it. */
class GrowthWatchTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long SWEEP = 5 * SECOND;
    private static final long WINDOW = 300 * SECOND;
    private static final int CAPACITY = 8;

    private final GrowthWatch<String> watch = new GrowthWatch<>(WINDOW, CAPACITY);
    private final Map<String, Course> courses = new HashMap<>();
    private final List<String> growing = new ArrayList<>();
    private long now;

    private void sweepFor(long duration) {
        for (long end = now + duration; now < end; now += SWEEP) {
            growing.clear();
            courses.forEach((key, course) -> {
                int count = course.at((double) now / SECOND);
                if (count > 0 && watch.observe(key, now, count, Long.MAX_VALUE).isPresent()) {
                    growing.add(key);
                }
            });
            watch.endSweep(now);
        }
    }

    private Course fromNow(Course course) {
        return course.after((double) now / SECOND);
    }

    @Test
    void noHistoryIsKeptOfWhatDoesNotRise() {
        for (int i = 0; i < 50; i++) {
            courses.put("steady " + i, Course.steady(i * 10));
        }
        courses.put("jitter", seconds -> 100 + (int) seconds % 3);
        courses.put("falling", seconds -> Math.max(0, 1000 - (int) seconds));

        sweepFor(2 * WINDOW);

        assertThat(watch.size()).isZero();
    }

    @Test
    void historyIsKeptOfWhatHasRisenByMoreThanAFew() {
        courses.put("rising", Course.leak(1).plus(Course.steady(100)));

        sweepFor(2 * SWEEP);

        assertThat(watch.size()).isEqualTo(1);
    }

    @Test
    void theFlattestMakesRoomForOthers() {
        courses.put("leak", Course.leak(1));
        for (int i = 0; i < CAPACITY - 1; i++) {
            courses.put("pool " + i, Course.pool(50, 60));
        }
        sweepFor(3 * WINDOW);
        assertThat(watch.size()).isEqualTo(CAPACITY);
        assertThat(watch.evictions()).isZero();
        assertThat(growing).containsExactly("leak");

        for (int i = 0; i < 2 * CAPACITY; i++) {
            courses.put("late " + i, fromNow(Course.pool(20, 60)));
        }
        courses.put("late leak", fromNow(Course.leak(2)));
        sweepFor(2 * WINDOW);

        assertThat(watch.size()).isEqualTo(CAPACITY);
        assertThat(watch.evictions()).isGreaterThanOrEqualTo(2 * CAPACITY);
        assertThat(growing).containsExactlyInAnyOrder("leak", "late leak");
    }

    @Test
    void whatIsGoneIsForgotten() {
        courses.put("leak", Course.leak(1));
        courses.put("other", Course.leak(1));
        sweepFor(WINDOW + 2 * SWEEP);
        assertThat(growing).hasSize(2);

        courses.remove("leak");
        sweepFor(7 * WINDOW);

        assertThat(growing).containsExactly("other");
        assertThat(watch.size()).isEqualTo(1);
        assertThat(watch.evictions()).isZero();
    }

    @Test
    void aSawToothThatComesDownToNothingIsNotNewEachTime() {
        courses.put("teeth", Course.sawTooth(0, 2000, 900));
        sweepFor(4 * 900 * SECOND);
        assertThat(watch.size()).isEqualTo(1);

        int reported = 0;
        for (int sweep = 0; sweep < 2000; sweep++) {
            sweepFor(SWEEP);
            reported += growing.size();
        }

        assertThat(reported).isZero();
    }

    @Test
    void onlyTheKeysAskedForAreForgotten() {
        courses.put("a", Course.leak(1));
        courses.put("b", Course.leak(1));
        sweepFor(WINDOW + 2 * SWEEP);

        watch.forget("a"::equals);
        sweepFor(SWEEP);

        assertThat(growing).containsExactly("b");
    }

    @Test
    void aLeakIsFoundAmongMoreCountsThanCanBeLookedAt() {
        IntStream.range(0, 40 * CAPACITY).forEach(i -> courses.put("steady " + i, Course.steady(10 + i % 200)));
        courses.put("leak", Course.leak(5));

        sweepFor(3 * WINDOW);

        assertThat(growing).containsExactly("leak");
        assertThat(watch.size()).isEqualTo(1);
    }

    @Test
    void theSameSamplesGiveTheSameAnswers() {
        List<List<String>> answers = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            GrowthWatch<Integer> many = new GrowthWatch<>(WINDOW, CAPACITY);
            List<String> said = new ArrayList<>();
            Random random = new Random(17);
            int[] counts = new int[4 * CAPACITY];
            for (long time = 0; time < 4 * WINDOW; time += SWEEP) {
                for (int key = 0; key < counts.length; key++) {
                    counts[key] = Math.max(1, counts[key] + random.nextInt(-4, 5 + key / 4));
                    said.add(many.observe(key, time, counts[key], 100_000).toString());
                }
                many.endSweep(time);
            }
            answers.add(said);
            assertThat(many.evictions()).isPositive();
        }

        assertThat(answers.get(0)).isEqualTo(answers.get(1)).anyMatch(answer -> answer.contains("perSecond"));
    }

    @Test
    void refusesAWindowOrARoomOfNothing() {
        assertThatThrownBy(() -> new GrowthWatch<String>(0, CAPACITY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GrowthWatch<String>(WINDOW, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
