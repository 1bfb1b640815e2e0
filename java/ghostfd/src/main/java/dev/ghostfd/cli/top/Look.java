/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What the daemon said at one time.
 *
 * @param total rows there are; {@code rows} may be fewer
 * @param leaks findings there are
 * @param lost events lost since its start
 * @param notReady why not all can be relied on, empty if it can
 */
record Look(View view, int total, List<JsonNode> rows, int leaks, long lost, String notReady) {}
