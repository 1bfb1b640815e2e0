/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The parameters of a list: a window, an order and filters. Whatever is not understood is refused by name, since a
 * filter that is silently ignored shows too much.
 *
 * @param rest parameters other than limit and offset, one value each
 */
record ListQuery(int limit, int offset, Map<String, String> rest) {
    /** Reads parameters of which only limit, offset and the given ones may occur. */
    static ListQuery parse(Request request, int maxLimit, Collection<String> others) {
        Map<String, String> single = new LinkedHashMap<>();
        request.parameters().forEach((name, values) -> single.put(name, onlyOne(name, values)));
        String limit = single.remove("limit");
        String offset = single.remove("offset");
        for (String name : single.keySet()) {
            if (!others.contains(name)) {
                throw HttpError.badParameter(name, "unknown here; known are limit, offset" + list(others));
            }
        }
        return new ListQuery(
                limit == null ? maxLimit : number("limit", limit, maxLimit),
                offset == null ? 0 : number("offset", offset, Integer.MAX_VALUE),
                single);
    }

    /** For endpoints that take no parameters at all. */
    static void refuseAny(Request request) {
        request.parameters().keySet().stream().findFirst().ifPresent(name -> {
            throw HttpError.badParameter(name, "this takes no parameters");
        });
    }

    /** A decimal number from 0 to max. */
    static int number(String name, String value, int max) {
        if (value.matches("\\d{1,10}")) {
            long number = Long.parseLong(value);
            if (number <= max) {
                return (int) number;
            }
        }
        throw HttpError.badParameter(name, "must be a whole number from 0 to " + max);
    }

    private static String onlyOne(String name, List<String> values) {
        if (values.size() != 1) {
            throw HttpError.badParameter(name, "given " + values.size() + " times, may be given once");
        }
        return values.get(0);
    }

    private static String list(Collection<String> names) {
        return names.stream().map(name -> ", " + name).collect(Collectors.joining());
    }
}
