/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.List;

/** Everything known of one process: asked from the consumer thread one process at a time, never published for all. */
public record ProcessDetail(ProcessView process, List<DescriptorView> descriptors, List<ChildView> children) {}
