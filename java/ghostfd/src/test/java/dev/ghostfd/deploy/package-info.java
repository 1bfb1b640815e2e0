/* SPDX-License-Identifier: Apache-2.0 */
/** What stands in {@code deploy/} and in the scripts that install, tried as far as a machine without a cluster can. */
package dev.ghostfd.deploy;
