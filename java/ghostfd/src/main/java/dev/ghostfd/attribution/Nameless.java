/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.lifecycle.ProcessId;
import java.util.List;
import java.util.Optional;

/** {@link Attribution#NONE}. */
final class Nameless implements Attribution {
    @Override
    public Optional<String> executable(ProcessId process) {
        return Optional.empty();
    }

    @Override
    public Language language(ProcessId process) {
        return Language.UNKNOWN;
    }

    @Override
    public Optional<String> cgroupPath(long cgroup) {
        return Optional.empty();
    }

    @Override
    public Optional<Container> container(long cgroup) {
        return Optional.empty();
    }

    @Override
    public boolean isPending(long cgroup) {
        return false;
    }

    @Override
    public Workload workload(String comm, long cgroup) {
        return Workload.ofHost(comm);
    }

    @Override
    public Optional<List<String>> arguments(ProcessId process) {
        return Optional.empty();
    }

    @Override
    public Optional<Boolean> closeOnExec(ProcessId process, int fd) {
        return Optional.empty();
    }

    @Override
    public Optional<String> threadName(int tid, long livedAt) {
        return Optional.empty();
    }

    @Override
    public Optional<BlockedThread> blockedOn(ProcessId process, int fd) {
        return Optional.empty();
    }
}
