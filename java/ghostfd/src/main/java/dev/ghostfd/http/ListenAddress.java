/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen, as {@code --web.listen-address} says it: {@code :10024}, {@code 127.0.0.1:0}, {@code [::1]:10024}.
 *
 * @param host a name or address without brackets; empty for all interfaces
 * @param port 0 for any free port
 */
public record ListenAddress(String host, int port) {
    private static final Pattern SYNTAX = Pattern.compile("(?:\\[([0-9a-fA-F:.%\\w]+)]|([^\\[\\]:/\\s]*)):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    /** Reads an address; the message of the exception is fit for the user. */
    public static ListenAddress parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : MAX_PORT + 1;
        if (port > MAX_PORT) {
            throw new IllegalArgumentException("'" + text
                    + "' is not an address to listen on; use [HOST]:PORT, for example :10024,"
                    + " 127.0.0.1:10024 or [::1]:10024");
        }
        return new ListenAddress(matcher.group(1) != null ? matcher.group(1) : matcher.group(2), port);
    }

    /** The address with its name resolved, or unresolved when there is no such host. */
    InetSocketAddress resolve() {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
