/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real Prometheus with the rules of dashboards/, and a real Alertmanager with the configuration from there, on the
 * loopback interface. Times are short: a scrape and an evaluation each second, and alerts wait two seconds.
 */
final class PrometheusStack implements AutoCloseable {
    private static final String TARGET_OF_A_POD = """
        static_configs:
              - targets: [replaced]
                labels:
                  __meta_kubernetes_pod_phase: Running
                  __meta_kubernetes_pod_ip: 127.0.0.1
                  __meta_kubernetes_pod_node_name: node-a
                  namespace: of-ghostfd-itself
                  pod: of-ghostfd-itself
            relabel_configs:""";

    private final List<Process> processes = new ArrayList<>();
    private final Path folder = Workbench.emptyFolder("prometheus");
    private final Api prometheus = new Api(GhostfdProcess.freePort());
    private final Api alertmanager = new Api(GhostfdProcess.freePort());

    /** Scrapes the daemon as scrape/kubernetes.yml says, with the target written where Kubernetes would be asked. */
    PrometheusStack(Api daemon) {
        Workbench.need("prometheus");
        Workbench.need("prometheus-alertmanager");
        write("ghostfd.rules.yml", rules());
        write("prometheus.yml", configuration(daemon));
        start(
                "prometheus-alertmanager",
                "--config.file=" + Dashboards.FOLDER.resolve("prometheus/alertmanager.yml"),
                "--storage.path=" + folder.resolve("alertmanager"),
                "--web.listen-address=" + address(alertmanager),
                "--cluster.listen-address=");
        start(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=" + address(prometheus));
    }

    private static String rules() {
        return Dashboards.read(Dashboards.FOLDER.resolve("prometheus/ghostfd.rules.yml"))
                .replaceAll("(?m)^( +for:) \\d+m$", "$1 2s");
    }

    private String configuration(Api daemon) {
        String port = address(daemon).replaceFirst(".*:", "");
        String scrape = Dashboards.read(Dashboards.FOLDER.resolve("prometheus/scrape/kubernetes.yml"))
                .replaceFirst("(?s)kubernetes_sd_configs:.*?relabel_configs:", TARGET_OF_A_POD)
                .replace("$1:10024", "$1:" + port);
        return """
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: [ghostfd.rules.yml]
            alerting:
              alertmanagers:
                - static_configs:
                    - targets: ['%s']
            """.formatted(address(alertmanager)) + scrape;
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String address(Api api) {
        return api.url().replaceFirst("http://", "");
    }

    private void start(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Workbench.folder("logs")
                            .resolve(command[0] + ".log")
                            .toFile());
            builder.environment().put("PATH", Workbench.searchPath());
            processes.add(StartedProcesses.start(builder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result of an instant query, now; an error is a failure of the test. */
    List<JsonNode> query(String expression) {
        return elements(result("/api/v1/query?query=" + encoded(expression)).required("result"));
    }

    /** The values of a label among the series that the selector matches. */
    List<JsonNode> labelValues(Dashboards.Choice choice) {
        return elements(result("/api/v1/label/" + choice.label() + "/values?match[]=".replace("[]", "%5B%5D")
                + encoded(choice.selector())));
    }

    /** All rules with their state, as Prometheus has read them. */
    List<JsonNode> ruleStates() {
        List<JsonNode> rules = new ArrayList<>();
        result("/api/v1/rules")
                .required("groups")
                .forEach(group -> group.required("rules").forEach(rules::add));
        return rules;
    }

    /** What Alertmanager has been told and is not over, by the alert's name. */
    List<JsonNode> alerts(String name) {
        return elements(alertmanager.json("/api/v2/alerts?filter=" + encoded("alertname=" + name)));
    }

    private JsonNode result(String path) {
        HttpResponse<String> response = prometheus.get(path);
        JsonNode answer = Api.parse(response.body());
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(path + ": " + response.body());
        }
        return answer.required("data");
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Whether both answer. */
    boolean isReady() {
        return Stream.of(prometheus, alertmanager).allMatch(api -> {
            try {
                return api.get("/-/ready").statusCode() == 200;
            } catch (UncheckedIOException notYet) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        processes.forEach(StartedProcesses::kill);
    }
}
