/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static dev.ghostfd.metrics.SampleNode.IN_CONTAINER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.metrics.SampleNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API does for the page, so that it need not fetch everything to find or to count. */
class PageAnswersTest {
    private final TestServer server = new TestServer();

    @BeforeEach
    void showAShop() {
        server.node.set(new SampleNode()
                .process(4242, "agent", 0, 12, 1024)
                .process(4343, "checkout", IN_CONTAINER, 40, 1024)
                .orphanedPipe(4242, "agent", 0, 3, Confidence.CONFIRMED)
                .orphanedPipe(4242, "agent", 0, 4, Confidence.SUSPECTED)
                .orphanedPipe(4343, "checkout", IN_CONTAINER, 5, Confidence.CONFIRMED)
                .zombie(4242, "agent", 77)
                .view());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "gen, agent",
        "AGENT, agent",
        "4242, agent",
        "434, checkout",
        "shop-1, checkout",
        "prod, checkout",
        "web, checkout",
        "c0ff, checkout"
    })
    void findsAProcessByAPartOfWhatItIsKnownBy(String search, String comm) {
        JsonNode found = server.json("/api/v1/processes?search=" + search);

        assertThat(found.get("total").intValue()).isEqualTo(1);
        assertThat(found.at("/processes/0/comm").textValue()).isEqualTo(comm);
    }

    @ParameterizedTest
    @CsvSource({"agent, 2", "heck, 1", "shop, 1", "nothing, 0"})
    void findsSitesByTheirProcess(String search, int total) {
        assertThat(server.json("/api/v1/sites?search=" + search).get("total").intValue())
                .isEqualTo(total);
    }

    @Test
    void searchesWithinWhatOtherFiltersLeave() {
        assertThat(server.json("/api/v1/sites?search=agent&rule=unreaped-child&limit=0"))
                .isEqualTo(TestServer.parse("{\"total\":1,\"sites\":[]}"));
    }

    @Test
    void countsFindingsInTheStatus() {
        JsonNode leaks = server.json("/api/v1/status").get("leaks");

        assertThat(leaks.get("count").intValue()).isEqualTo(4);
        assertThat(leaks.get("confirmedCount").intValue()).isEqualTo(3);
        assertThat(leaks.at("/byRule/orphaned-pipe").intValue()).isEqualTo(3);
        assertThat(leaks.at("/byRule/unreaped-child").intValue()).isEqualTo(1);
    }
}
