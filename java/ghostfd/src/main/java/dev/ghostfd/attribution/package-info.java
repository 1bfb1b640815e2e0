/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Names for ids: the program, cgroup, container and workload behind a process, the functions and lines behind a call stack.
 * In come process and cgroup ids, addresses and copies of stacks; out go names and return addresses, from caches where
 * possible. Of rules it knows what to do about them in each language, not how they find anything; nor how names are shown.
 */
package dev.ghostfd.attribution;
