/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.io.IOException;

/** The server cannot listen; the message is one line that says why and what to do. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    ListenException(ListenAddress address, Throwable cause) {
        super("cannot listen on " + address + ": " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String elsewhere = "; choose another with --web.listen-address";
        if (message.contains("Address already in use")) {
            return "address already in use" + elsewhere;
        }
        if (message.contains("Permission denied")) {
            return "permission denied; ports below 1024 need CAP_NET_BIND_SERVICE" + elsewhere;
        }
        if (message.contains("Cannot assign requested address")) {
            return "no interface of this machine has that address" + elsewhere;
        }
        if (cause instanceof java.nio.channels.UnresolvedAddressException) {
            return "no such host" + elsewhere;
        }
        return message.lines().findFirst().orElse("unknown error");
    }
}
