/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One pod as the kubelet lists it.
 *
 * @param uids what its cgroup may be named after: of a static pod that is the hash of its manifest
 * @param containers by id, those of earlier restarts too
 */
record Pod(String name, String namespace, String uid, Set<String> uids, Map<String, Named> containers) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG_HASH = "kubernetes.io/config.hash";
    private static final List<String> STATUSES =
            List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");
    private static final String SCHEME_END = "://";

    /** A container's name in its pod's manifest. */
    record Named(String name, Optional<ContainerRuntime> runtime) {}

    /**
     * Reads a v1 PodList, one pod at a time: the whole list of a full node is several megabytes.
     *
     * @throws JsonProcessingException when it is cut off or is no PodList
     */
    static void readList(InputStream json, Consumer<Pod> pods) throws IOException {
        boolean found = false;
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "not a list of pods");
            }
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (!field.equals("items")) {
                    parser.skipChildren();
                    continue;
                }
                /* A node without pods: Go writes null for an empty slice. */
                found = value == JsonToken.START_ARRAY || value == JsonToken.VALUE_NULL;
                while (value == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.START_OBJECT) {
                    pods.accept(of(parser.<JsonNode>readValueAsTree()));
                }
            }
            if (!found) {
                throw new JsonParseException(parser, "not a list of pods");
            }
        }
    }

    private static Pod of(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        String uid = metadata.path("uid").asText("");
        Set<String> uids = new HashSet<>(Set.of(uid));
        uids.add(metadata.path("annotations").path(CONFIG_HASH).asText(uid));
        Map<String, Named> containers = new HashMap<>();
        for (String statuses : STATUSES) {
            for (JsonNode status : pod.path("status").path(statuses)) {
                String name = status.path("name").asText("");
                add(containers, name, status.path("containerID").asText(""));
                add(
                        containers,
                        name,
                        status.at("/lastState/terminated/containerID").asText(""));
            }
        }
        return new Pod(
                metadata.path("name").asText(""), metadata.path("namespace").asText(""), uid, uids, containers);
    }

    private static void add(Map<String, Named> containers, String name, String id) {
        int scheme = id.indexOf(SCHEME_END);
        if (scheme > 0) {
            containers.put(
                    id.substring(scheme + SCHEME_END.length()),
                    new Named(name, ContainerRuntime.labelled(id.substring(0, scheme))));
        }
    }
}
