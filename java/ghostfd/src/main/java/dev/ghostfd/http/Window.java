/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.util.List;

/** The part of a list that limit and offset select. */
final class Window {
    private Window() {}

    static <T> List<T> of(List<T> rows, ListQuery query) {
        int from = Math.min(query.offset(), rows.size());
        return rows.subList(from, (int) Math.min((long) from + query.limit(), rows.size()));
    }
}
