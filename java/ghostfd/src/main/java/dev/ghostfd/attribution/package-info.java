/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Names for ids: the program, cgroup, container and workload behind a process, the thread behind a descriptor, the language
 * behind a hint. In come process and cgroup ids; out go names, from caches where possible. Of rules it knows what to do about
 * them in each language, not how they find anything; nor how names are shown. `container` knows cgroups and the kubelet,
 * `code` files of code; `unwind` and `symbol` make call sites of stacks.
 */
package dev.ghostfd.attribution;
