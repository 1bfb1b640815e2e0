/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

/** The labels of a workload's series; empty where there is none. */
public record Workload(String namespace, String pod, String container, String comm) {
    /** A process outside any container. */
    public static Workload ofHost(String comm) {
        return new Workload("", "", "", comm);
    }
}
