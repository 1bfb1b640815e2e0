/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LongMapTest {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    record Step(boolean put, long key) {}

    /** The number that the map's hash turns into this one: keys can be aimed at a bucket. */
    private static long keyThatHashesTo(long hash) {
        long inverse = MULTIPLIER;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - MULTIPLIER * inverse;
        }
        return hash * inverse;
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> crowded = Combinators.combine(
                        Arbitraries.of(0L, 1L, 14L, 15L, 1023L, 0xffff_ffffL),
                        Arbitraries.longs().between(1, 30))
                .as((home, low) -> keyThatHashesTo(home << 32 | low));
        Arbitrary<Long> keys = Arbitraries.oneOf(
                crowded,
                Arbitraries.longs().between(1, 64),
                Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, -1L, 1L << 32, 1L << 63 | 7));
        return Combinators.combine(Arbitraries.of(true, true, false), keys)
                .as(Step::new)
                .list()
                .ofMaxSize(400);
    }

    @Property
    void behavesLikeAMapWhateverTheKeys(@ForAll("steps") List<Step> steps) {
        LongMap<String> map = new LongMap<>();
        Map<Long, String> model = new HashMap<>();
        int count = 0;
        for (Step step : steps) {
            if (step.put()) {
                String value = "value " + count++;
                assertThat(map.put(step.key(), value)).isEqualTo(model.put(step.key(), value));
            } else {
                assertThat(map.remove(step.key())).isEqualTo(model.remove(step.key()));
            }
            assertThat(map.size()).isEqualTo(model.size());
        }
        for (Step step : steps) {
            assertThat(map.get(step.key())).isEqualTo(model.get(step.key()));
        }
        List<String> all = new ArrayList<>();
        map.forEach(all::add);
        assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
    }

    @Example
    void refusesTheKeyThatMarksFreeSlots() {
        LongMap<String> map = new LongMap<>();

        assertThatThrownBy(() -> map.put(0, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThat(map.get(0)).isNull();
    }

    @Example
    void removingTheKeyThatMarksFreeSlotsChangesNothing() {
        LongMap<String> map = new LongMap<>();
        map.put(1, "one");

        assertThat(map.remove(0)).isNull();

        assertThat(map.size()).isEqualTo(1);
    }
}
