/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.attribution.CallSiteKey;
import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Rule;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@code /api/v1/sites}: leaks that one change of code would end, the most numerous first. */
final class SiteList {
    private static final double NANOS_PER_MINUTE = 60e9;

    private record Key(
            String comm, Optional<Container> container, Rule rule, Kind kind, Optional<CallSiteKey> callSite) {}

    /** A site while its leaks are counted. Leaks come oldest first. */
    private static final class Site {
        private final Key key;
        private final long cgroup;
        private Leak oldest;
        private Leak example;
        private long count;
        private long confirmed;
        private double growth;

        Site(Key key, Leak first) {
            this.key = key;
            this.cgroup = first.process().cgroup();
            this.oldest = first;
            this.example = first;
        }

        void add(Leak leak) {
            count += leak.count();
            growth += leak.growth().map(Leak.Growing::perMinute).orElse(0.0);
            if (leak.firstSeen() < oldest.firstSeen()) {
                oldest = leak;
            }
            if (leak.confidence() == Confidence.CONFIRMED) {
                if (confirmed == 0) {
                    example = leak;
                }
                confirmed += leak.count();
            }
        }

        /** What the rule growth measured; else how many there are over how long there have been any. */
        OptionalDouble growthPerMinute(long now) {
            if (growth > 0) {
                return OptionalDouble.of(growth);
            }
            double minutes = (now - oldest.firstSeen()) / NANOS_PER_MINUTE;
            return count > 1 && minutes > 0 ? OptionalDouble.of(count / minutes) : OptionalDouble.empty();
        }

        /** One leak that is proven proves the site. */
        Confidence confidence() {
            return confirmed > 0 ? Confidence.CONFIRMED : Confidence.SUSPECTED;
        }
    }

    private static final Comparator<Site> MOST_FIRST = Comparator.comparingLong((Site site) -> site.count)
            .reversed()
            .thenComparingLong(site -> site.oldest.firstSeen());

    private final Names names;
    private final Filters<Site> filters;

    SiteList(Names names) {
        this.names = names;
        this.filters = names.filters(new Filters<Site>(), site -> site.key.comm(), site -> site.cgroup)
                .search(site -> names.searched(site.key.comm(), site.cgroup))
                .word("rule", Rule.values(), Rule::label, site -> site.key.rule())
                .word("kind", Kind.values(), Kind::label, site -> site.key.kind())
                .word("confidence", Confidence.values(), Confidence::label, Site::confidence);
    }

    ListQuery parse(Request request) {
        return ListQuery.parse(request, Limits.LIST_ROWS, filters.names());
    }

    JsonWriter.Content answer(NodeView node, ListQuery query, JsonWriter json) {
        Map<Key, Site> byKey = new LinkedHashMap<>();
        for (Leak leak : node.leaks()) {
            Leak.Holder holder = leak.process();
            Key key = new Key(
                    holder.comm(),
                    names.attribution().container(holder.cgroup()),
                    leak.rule(),
                    leak.kind(),
                    CallSiteKey.of(frames(leak)));
            byKey.computeIfAbsent(key, first -> new Site(first, leak)).add(leak);
        }
        List<Site> sites = byKey.values().stream()
                .filter(filters.matching(query.rest()))
                .sorted(MOST_FIRST)
                .toList();
        return () -> {
            json.number("total", sites.size());
            json.array("sites", () -> {
                for (Site site : Window.of(sites, query)) {
                    json.object(() -> write(json, site, node.time()));
                }
            });
        };
    }

    private List<Frame> frames(Leak leak) {
        return leak.descriptor()
                .map(descriptor -> names.frames(descriptor.view()))
                .orElse(List.of());
    }

    private void write(JsonWriter json, Site site, long now) throws IOException {
        json.text("comm", site.key.comm());
        if (site.key.container().isPresent()) {
            json.object(
                    "container", () -> Names.fields(json, site.key.container().get()));
        }
        json.text("rule", site.key.rule().label());
        json.text("kind", site.key.kind().label());
        json.text("confidence", site.confidence().label());
        CallSiteJson.write(json, "callSite", frames(site.example));
        json.number("count", site.count);
        json.number("confirmedCount", site.confirmed);
        json.decimal("growthPerMinute", site.growthPerMinute(now));
        json.decimal("oldestAgeSeconds", LeakList.ageSeconds(site.oldest, now));
        json.text("exampleLeakId", site.example.id());
        json.text("hint", names.hint(site.example));
    }
}
