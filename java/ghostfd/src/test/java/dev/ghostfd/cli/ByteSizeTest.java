/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ByteSizeTest {
    private final ByteSize.Converter converter = new ByteSize.Converter();

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "4096b, 4096",
        "64KiB, 65536",
        "64k, 65536",
        "16MiB, 16777216",
        "16 MiB, 16777216",
        "16mib, 16777216",
        "1GiB, 1073741824",
        "1g, 1073741824",
    })
    void readsBytesAndBinaryUnits(String text, long bytes) {
        assertThat(converter.convert(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1.5MiB", "16MB", "16TiB", "1e3", "0x10", "12345678901234567890"})
    void refusesAnythingElseWithAnExample(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a size such as 65536, 64KiB or 16MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999999999GiB", "8589934592g"})
    void refusesWhatNoNumberCanHold(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is too large");
    }
}
