/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldGenerationTest {
    @ParameterizedTest
    @CsvSource({"15, 0, false", "17, 0, true", "30, 10, false", "37, 10, true", "210, 100, false", "217, 100, true"})
    void isCollectedWhenItHasDoubled(int usedMebi, int afterCollectionMebi, boolean due) {
        assertThat(OldGeneration.isDue((long) usedMebi << 20, (long) afterCollectionMebi << 20))
                .isEqualTo(due);
    }
}
