/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoughTimeTest {
    @ParameterizedTest
    @CsvSource({"0,0s", "119,119s", "120,2min", "5400,90min", "108000,30h", "345600,4d", "94608000,3y", "1e12,>10y"})
    void tellsASpanInOneUnit(double seconds, String text) {
        assertThat(RoughTime.of(seconds)).isEqualTo(text);
    }
}
