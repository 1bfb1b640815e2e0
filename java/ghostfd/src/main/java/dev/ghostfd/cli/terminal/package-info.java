/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How the commands show things to people: when to colour, and figures in few words. In come values and the environment,
 * out goes text. It must not know any command, nor where the values come from.
 */
package dev.ghostfd.cli.terminal;
