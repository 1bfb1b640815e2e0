/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Executable files and where processes have them mapped. In come paths and lines of `/proc/PID/maps`; out go headers,
 * sections and identities of files that may change or go away meanwhile. It knows nothing of functions, frames or processes'
 * names.
 */
package dev.ghostfd.attribution.code;
