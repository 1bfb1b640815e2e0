/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Containers and pods behind cgroups. In come cgroup ids and what the kubelet says; out go a container's id, runtime and
 * names, kept past its end. It knows nothing of processes, stacks or leaks, nor who asks.
 */
package dev.ghostfd.attribution.container;
