/* SPDX-License-Identifier: Apache-2.0 */
/**
 * {@code ghostfd top}: a terminal view of a running daemon. In come the JSON of its HTTP API and keys; out go lines of
 * text. It traces nothing and must not use the stages that do: all it knows comes from the API.
 */
package dev.ghostfd.cli.top;
