/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowthTrendTest {
    private static GrowthTrend of(int... floors) {
        GrowthTrend trend = new GrowthTrend();
        for (int i = 0; i < floors.length; i++) {
            trend.add(i, floors[i]);
        }
        return trend;
    }

    @Test
    void aJumpDoesNotMoveTheSlope() {
        GrowthTrend trend = of(0, 10, 20, 30, 40, 57, 67, 77, 87, 97);

        assertThat(trend.climbs()).isTrue();
        assertThat(trend.slope()).isBetween(10.0, 11.5);
        assertThat(trend.rankCorrelation()).isEqualTo(1);
    }

    @Test
    void oneStandIsForgivenInALongRowOnly() {
        assertThat(of(0, 10, 20, 30, 30, 40, 50, 60, 70, 80).climbs()).isTrue();
        assertThat(of(0, 10, 20, 30, 30, 40, 50, 60).climbs()).isFalse();
        assertThat(of(0, 10, 20, 20, 30, 40, 50, 50, 60, 70, 80).climbs()).isFalse();
    }

    @Test
    void aFallEndsAClimb() {
        assertThat(of(0, 10, 20, 30, 40, 30, 50, 60, 70, 80, 90).climbs()).isFalse();
    }

    @Test
    void whatStandsStillAtTheEndClimbsNoMore() {
        assertThat(of(0, 10, 20, 30, 40, 50, 60, 70, 80, 80).climbsOn()).isFalse();
        assertThat(of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90).climbsOn()).isTrue();
    }

    @Test
    void aBurstAtTheEndIsNoSteadyClimb() {
        assertThat(of(0, 1, 2, 3, 4, 9, 14, 19, 24).climbs()).isFalse();
    }

    @Test
    void unevenStepsAreAWalk() {
        assertThat(of(0, 1, 2, 30, 31, 60, 61, 62, 90).climbs()).isFalse();
    }

    @Test
    void bucketsWithoutASampleAreSkipped() {
        GrowthTrend trend = new GrowthTrend();
        for (int bucket : new int[] {0, 1, 3, 4, 7, 8, 9}) {
            trend.add(bucket, 5 * bucket);
        }

        assertThat(trend.climbs()).isTrue();
        assertThat(trend.slope()).isEqualTo(5);
    }

    @Test
    void tooFewFloorsSayNothing() {
        assertThat(of(0, 10, 20, 30, 40).climbs()).isFalse();
    }
}
