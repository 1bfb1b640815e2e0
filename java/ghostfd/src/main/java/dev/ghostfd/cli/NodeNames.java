/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.LookAhead;
import dev.ghostfd.attribution.ProcAttribution;
import dev.ghostfd.attribution.container.CgroupPaths;
import dev.ghostfd.attribution.container.KubeletNames;
import dev.ghostfd.attribution.container.KubeletOptions;
import dev.ghostfd.attribution.container.PodNames;
import dev.ghostfd.leak.NodeView;
import java.util.Optional;
import java.util.function.Supplier;

/** The daemon's attribution, with the threads that keep it ahead of what is asked. */
final class NodeNames implements AutoCloseable {
    private final Optional<KubeletNames> kubelet;
    private final Attribution attribution;
    private Optional<LookAhead> lookAhead = Optional.empty();

    NodeNames(PathOptions paths, Optional<KubeletOptions> kubelet, boolean exposeArguments) {
        this.kubelet = kubelet.map(KubeletNames::new);
        PodNames pods = this.kubelet.isPresent() ? this.kubelet.get() : PodNames.NONE;
        attribution =
                new ProcAttribution(paths.host().procfs(), new CgroupPaths(paths.cgroups()), pods, exposeArguments);
    }

    Attribution attribution() {
        return attribution;
    }

    /** From now on looks up the names of what this shows before anybody asks. */
    void lookAhead(Supplier<NodeView> node) {
        lookAhead = Optional.of(new LookAhead(node, attribution));
    }

    @Override
    public void close() {
        lookAhead.ifPresent(LookAhead::close);
        kubelet.ifPresent(KubeletNames::close);
    }
}
