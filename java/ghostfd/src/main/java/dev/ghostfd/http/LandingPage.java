/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.util.List;

/** {@code /}: which endpoints there are. */
final class LandingPage {
    private record Link(String path, String text) {}

    private static final List<Link> LINKS = List.of(
            new Link("/api/v1/leaks", "descriptors that outlived the child they were made for, and unreaped children"),
            new Link("/api/v1/sites", "the same, grouped by what one change of code would end"),
            new Link("/api/v1/processes?sort=ratio&amp;limit=20", "who is nearest to its descriptor limit"),
            new Link("/api/v1/status", "the tracer's own health"),
            new Link("/metrics", "all of it for Prometheus"),
            new Link("/readyz", "whether the answers can be relied on"),
            new Link("/healthz", "whether ghostfd runs"));

    private LandingPage() {}

    static String html(String version) {
        StringBuilder items = new StringBuilder();
        for (Link link : LINKS) {
            items.append("<li><a href=\"%s\">%s</a>: %s</li>\n"
                    .formatted(link.path(), link.path().replaceFirst("\\?.*", ""), link.text()));
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>ghostfd</title></head>
            <body>
            <h1>ghostfd %s</h1>
            <p>Traces file descriptors on this node and reports those that leak.</p>
            <ul>
            %s</ul>
            </body>
            </html>""".formatted(escape(version), items);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
