/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        ":10024, '', 10024",
        "127.0.0.1:0, 127.0.0.1, 0",
        "[::1]:10024, ::1, 10024",
        "localhost:80, localhost, 80",
        ":65535, '', 65535",
    })
    void readsHostAndPort(String text, String host, int port) {
        ListenAddress address = ListenAddress.parse(text);

        assertThat(address).isEqualTo(new ListenAddress(host, port));
        assertThat(address).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10024", ":", ":65536", ":-1", "::1:10024", "[::1]", "http://x:1", "x:1/", "x y:1"})
    void refusesAnythingElseWithAnExample(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("127.0.0.1:10024");
    }
}
