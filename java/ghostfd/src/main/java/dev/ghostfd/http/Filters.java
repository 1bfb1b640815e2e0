/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/** The scalar fields of a list's rows by which it can be filtered; all given must hold. Immutable once built. */
final class Filters<T> {
    private final Map<String, Function<String, Predicate<T>>> fields = new LinkedHashMap<>();

    /** A field of free text; a row matches when any of its values is the one asked for. */
    Filters<T> text(String name, Function<T, ? extends Collection<String>> values) {
        fields.put(name, wanted -> row -> values.apply(row).contains(wanted));
        return this;
    }

    /** {@code search}: a row matches when any of its values contains the text asked for, in whatever case. */
    Filters<T> search(Function<T, ? extends Collection<String>> values) {
        fields.put("search", wanted -> {
            String lower = wanted.toLowerCase(Locale.ROOT);
            return row -> values.apply(row).stream()
                    .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(lower));
        });
        return this;
    }

    /** A field with a fixed set of words, so that a misspelt one is an error and not an empty list. */
    <E> Filters<T> word(String name, E[] words, Function<E, String> label, Function<T, E> value) {
        List<String> labels =
                Arrays.stream(words).map(label).filter(text -> !text.isEmpty()).toList();
        fields.put(name, wanted -> {
            if (!labels.contains(wanted)) {
                throw HttpError.badParameter(name, "must be one of " + String.join(", ", labels));
            }
            return row -> label.apply(value.apply(row)).equals(wanted);
        });
        return this;
    }

    Filters<T> number(String name, Function<T, OptionalLong> value) {
        fields.put(name, wanted -> {
            if (!wanted.matches("\\d{1,18}")) {
                throw HttpError.badParameter(name, "must be a whole number");
            }
            OptionalLong number = OptionalLong.of(Long.parseLong(wanted));
            return row -> value.apply(row).equals(number);
        });
        return this;
    }

    /** The fields' names, in the order they were added. */
    Collection<String> names() {
        return fields.keySet();
    }

    /** What a row must be like, given filters by name; names that are not filters are passed over. */
    Predicate<T> matching(Map<String, String> wanted) {
        Predicate<T> all = row -> true;
        for (Map.Entry<String, String> filter : wanted.entrySet()) {
            Function<String, Predicate<T>> field = fields.get(filter.getKey());
            if (field != null) {
                all = all.and(field.apply(filter.getValue()));
            }
        }
        return all;
    }
}
