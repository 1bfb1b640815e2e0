/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ghostfd.attribution.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SARIF 2.1.0 (OASIS), by which code hosts show findings on the lines of a change: one result for each problem. */
public final class SarifReport {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
    private static final JsonFactory FACTORY = new JsonFactory();

    private final RunReport report;
    private final JsonGenerator json;

    /** Rules that occur, with their hints; the position is the index that results refer to. */
    private final Map<String, String> rules = new LinkedHashMap<>();

    private SarifReport(RunReport report, JsonGenerator json) {
        this.report = report;
        this.json = json;
        report.problems().forEach(problem -> rules.put(problem.rule(), problem.hint()));
    }

    /** Writes the document in UTF-8; the stream stays open. */
    public static void write(RunReport report, OutputStream out) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
                .useDefaultPrettyPrinter()) {
            new SarifReport(report, json).write();
        }
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeStringField("$schema", SCHEMA);
        json.writeStringField("version", "2.1.0");
        json.writeArrayFieldStart("runs");
        json.writeStartObject();
        writeTool();
        writeInvocation();
        json.writeArrayFieldStart("results");
        List<String> order = List.copyOf(rules.keySet());
        for (Problem problem : report.problems()) {
            writeResult(problem, order.indexOf(problem.rule()));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeTool() throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "ghostfd");
        json.writeStringField("version", report.version());
        json.writeArrayFieldStart("rules");
        for (Map.Entry<String, String> rule : rules.entrySet()) {
            json.writeStartObject();
            json.writeStringField("id", rule.getKey());
            writeText("shortDescription", rule.getKey());
            writeText("help", rule.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeInvocation() throws IOException {
        json.writeArrayFieldStart("invocations");
        json.writeStartObject();
        json.writeStringField("commandLine", String.join(" ", report.command()));
        json.writeStringField("startTimeUtc", report.startedAt().toString());
        json.writeStringField("endTimeUtc", report.endedAt().toString());
        json.writeNumberField("exitCode", report.commandExit());
        json.writeBooleanField("executionSuccessful", report.commandExit() == 0);
        json.writeArrayFieldStart("toolExecutionNotifications");
        for (String warning : report.warnings()) {
            json.writeStartObject();
            json.writeStringField("level", "warning");
            writeText("message", warning);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private void writeResult(Problem problem, int rule) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", problem.rule());
        json.writeNumberField("ruleIndex", rule);
        json.writeStringField("level", level(problem.severity()));
        writeText("message", problem.title() + "\n" + String.join("\n", problem.instances()) + "\n" + problem.hint());
        json.writeNumberField("occurrenceCount", problem.count());
        json.writeObjectFieldStart("partialFingerprints");
        json.writeStringField(
                "ghostfdSite/v1", AcceptedSite.of(problem, report.root()).fingerprint());
        json.writeEndObject();
        json.writeArrayFieldStart("locations");
        writeLocation(problem);
        json.writeEndArray();
        if (problem.accepted()) {
            json.writeArrayFieldStart("suppressions");
            json.writeStartObject();
            json.writeStringField("kind", "external");
            json.writeStringField("justification", "accepted by the baseline");
            json.writeEndObject();
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static String level(Problem.Severity severity) {
        return switch (severity) {
            case CONFIRMED -> "error";
            case SUSPECTED -> "warning";
            case NOTE -> "note";
        };
    }

    /** Without a line of code, at least whose process it was. */
    private void writeLocation(Problem problem) throws IOException {
        Optional<Frame> frame = problem.callSite();
        Optional<String> file = frame.flatMap(Frame::file);
        json.writeStartObject();
        if (file.isPresent()) {
            json.writeObjectFieldStart("physicalLocation");
            json.writeObjectFieldStart("artifactLocation");
            json.writeStringField("uri", uri(report.root().pathOf(file.get())));
            json.writeEndObject();
            if (frame.get().line().isPresent()) {
                json.writeObjectFieldStart("region");
                json.writeNumberField("startLine", frame.get().line().getAsInt());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeArrayFieldStart("logicalLocations");
        json.writeStartObject();
        Optional<String> function = frame.flatMap(Frame::function);
        json.writeStringField("name", function.orElse(problem.comm()));
        json.writeStringField("kind", function.isPresent() ? "function" : "process");
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String uri(String path) {
        try {
            return Path.of(path).isAbsolute()
                    ? new URI("file", "", path, null).toString()
                    : new URI(null, null, path, null).toString();
        } catch (URISyntaxException strange) {
            return "unknown";
        }
    }

    private void writeText(String name, String text) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("text", text);
        json.writeEndObject();
    }
}
