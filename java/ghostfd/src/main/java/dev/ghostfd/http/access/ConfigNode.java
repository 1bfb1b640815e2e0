/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value of a YAML file that knows where it stands, so that whatever is wrong with it can be said with the line. */
final class ConfigNode {
    private final Node node;
    private final Path file;

    private ConfigNode(Node node, Path file) {
        this.node = node;
        this.file = file;
    }

    /** The document's top, empty for an empty file. */
    static Optional<ConfigNode> parse(Path file, String text) throws WebConfigException {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        try {
            return new Compose(settings)
                    .composeString(text)
                    .map(top -> new ConfigNode(top, file))
                    .filter(ConfigNode::isGiven);
        } catch (MarkedYamlEngineException wrong) {
            throw place(file, wrong.getProblemMark()).error("not valid YAML: " + wrong.getProblem());
        } catch (YamlEngineException wrong) {
            throw new Place(file, 1).error("not valid YAML: " + wrong.getMessage());
        }
    }

    private static Place place(Path file, Optional<Mark> mark) {
        return new Place(file, mark.map(known -> known.getLine() + 1).orElse(1));
    }

    Place place() {
        return place(file, node.getStartMark());
    }

    WebConfigException error(String problem) {
        return place().error(problem);
    }

    /** Whether there is a value at all: a key with nothing behind it is as good as absent. */
    private boolean isGiven() {
        return !node.getTag().equals(Tag.NULL);
    }

    /** The fields of a mapping, of which only the known may occur. */
    Map<String, ConfigNode> fields(Collection<String> known) throws WebConfigException {
        return fields(known::contains, "known here are " + String.join(", ", known));
    }

    /** The entries of a mapping with keys of the user's choice. */
    Map<String, ConfigNode> entries() throws WebConfigException {
        return fields(any -> true, "");
    }

    private Map<String, ConfigNode> fields(Predicate<String> known, String hint) throws WebConfigException {
        if (!(node instanceof MappingNode mapping)) {
            throw error("expected 'key: value' lines here");
        }
        Map<String, ConfigNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            ConfigNode key = new ConfigNode(tuple.getKeyNode(), file);
            String name = key.text();
            if (!known.test(name)) {
                throw key.error("unknown key '" + name + "'; " + hint);
            }
            ConfigNode value = new ConfigNode(tuple.getValueNode(), file);
            if (fields.put(name, value) != null) {
                throw key.error("the key '" + name + "' stands here twice");
            }
        }
        fields.values().removeIf(value -> !value.isGiven());
        return fields;
    }

    List<ConfigNode> items() throws WebConfigException {
        if (!(node instanceof SequenceNode sequence)) {
            throw error("expected a list here");
        }
        return sequence.getValue().stream()
                .map(item -> new ConfigNode(item, file))
                .toList();
    }

    String text() throws WebConfigException {
        if (!(node instanceof ScalarNode scalar)) {
            throw error("expected a single value here");
        }
        return scalar.getValue();
    }

    boolean flag() throws WebConfigException {
        if (!node.getTag().equals(Tag.BOOL)) {
            throw error("expected true or false here");
        }
        return Boolean.parseBoolean(text());
    }
}
