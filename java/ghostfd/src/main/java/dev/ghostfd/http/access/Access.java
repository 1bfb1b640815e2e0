/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect, and how, as the web configuration says at present. Looks at its files every second and takes over what
 * has changed; where that cannot be used, or would open a door that was closed, it says so once and goes on with what it
 * has. Thread-safe; never blocks its callers.
 */
public final class Access implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    /** Guesses that wait for the one thread that hashes; beyond them clients are told to come back. */
    private static final int GUESSES = 16;

    private static final int HANDSHAKES = 2048;

    /** All that one reading of the files has given; replaced as a whole. */
    private record State(WebConfig config, Optional<TlsServer> tls, Passwords passwords, int generation) {}

    private final ExecutorService hashing = oneThread("ghostfd-passwords", GUESSES);
    private final ExecutorService handshakes = oneThread("ghostfd-tls", HANDSHAKES);
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().name("ghostfd-web-config").daemon().unstarted(work));
    private final LongAdder denied = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder handshakesFailed = new LongAdder();
    /** Used by the constructor, then by the looking thread alone. */
    private FileStamps seen = new FileStamps();

    private volatile State state;

    private Access(WebConfig config) throws WebConfigException {
        state = state(config, 0);
    }

    /** Everybody, without TLS. */
    public static Access open() {
        try {
            return new Access(new WebConfig(Path.of(""), Optional.empty(), Map.of(), Map.of()));
        } catch (WebConfigException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As a web configuration file says, which is read now and again whenever it changes. */
    public static Access configured(Path file) throws WebConfigException {
        return configured(file, LOOK_INTERVAL);
    }

    static Access configured(Path file, Duration interval) throws WebConfigException {
        /* Looked at before it is read: what changes in between is found at the next look. */
        FileStamps before = new FileStamps().add(List.of(file));
        WebConfig config = WebConfigReader.read(file);
        before.add(config.files());
        Access access = new Access(config);
        access.seen = before;
        var _ = access.looking.scheduleWithFixedDelay(
                access::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return access;
    }

    private static ExecutorService oneThread(String name, int queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(queue),
                work -> Thread.ofPlatform().name(name).daemon().unstarted(work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private State state(WebConfig config, int generation) throws WebConfigException {
        Optional<TlsServer> tls = Optional.empty();
        if (config.tls().isPresent()) {
            tls = Optional.of(new TlsServer(config.tls().get()));
        }
        tls.flatMap(server -> server.identity().objection(Instant.now()))
                .ifPresent(objection -> LOG.warn("clients are going to refuse this server: {}", objection));
        return new State(config, tls, new Passwords(config.users(), hashing), generation);
    }

    private void look() {
        if (seen.areCurrent()) {
            return;
        }
        State before = state;
        FileStamps now = new FileStamps().add(before.config().files());
        try {
            WebConfig config = WebConfigReader.read(before.config().file());
            now.add(config.files());
            takeOver(config, before);
        } catch (WebConfigException | RuntimeException unusable) {
            LOG.error("web configuration not taken over, going on with the one before: {}", unusable.getMessage());
        }
        seen = now;
    }

    private void takeOver(WebConfig config, State before) throws WebConfigException {
        State next = state(config, before.generation() + 1);
        Optional<String> opens = opens(config, before.config());
        if (opens.isPresent()) {
            throw new WebConfigException(config.file() + " " + opens.get()
                    + "; if that is meant, restart ghostfd, since a file that is only half written looks the same");
        }
        state = next;
        LOG.info("web configuration taken over: {}", describe());
    }

    /** Which door a changed file would open. */
    private static Optional<String> opens(WebConfig config, WebConfig before) {
        if (before.tls().isPresent() && config.tls().isEmpty()) {
            return Optional.of("has no tls_server_config any more");
        }
        if (config.clientAuth().compareTo(before.clientAuth()) < 0) {
            return Optional.of("asks less of clients than client_auth_type "
                    + before.clientAuth().label());
        }
        if (!before.users().isEmpty() && config.users().isEmpty()) {
            return Optional.of("has no basic_auth_users any more");
        }
        return Optional.empty();
    }

    /** In words, for the log. */
    public String describe() {
        WebConfig config = state.config();
        String tls = config.tls().isEmpty() ? "no TLS" : "TLS";
        String client = config.clientAuth() == ClientAuthType.NO_CLIENT_CERT
                ? ""
                : ", client_auth_type " + config.clientAuth().label();
        int users = config.users().size();
        String passwords = users == 0 ? "no passwords" : "passwords for " + users + (users == 1 ? " user" : " users");
        return tls + client + ", " + passwords;
    }

    /** A handler for a new connection, empty where there is no TLS. */
    public Optional<SslHandler> tls(ByteBufAllocator allocator) {
        return state.tls().map(server -> server.handler(allocator, handshakes));
    }

    /** Another number after every change: a connection from before it should not outlive its next answer. */
    public int generation() {
        return state.generation();
    }

    /**
     * Whether to answer a request; hashing is done on a thread of its own.
     *
     * @param authorization the request's header of that name, empty if none
     */
    public CompletableFuture<Verdict> check(String authorization, InetAddress client) {
        return state.passwords().check(authorization, client).thenApply(verdict -> {
            switch (verdict) {
                case DENIED -> denied.increment();
                case BUSY -> busy.increment();
                case ADMITTED -> {
                    /* Counted by whoever answers. */
                }
            }
            return verdict;
        });
    }

    /** To be called when a handshake was not completed because of what the client sent or lacked. */
    public void handshakeFailed() {
        handshakesFailed.increment();
    }

    /** What has been turned away so far, by name. */
    public Map<String, Long> counts() {
        return Map.of(
                "requestsDenied", denied.sum(),
                "passwordsTurnedAway", busy.sum(),
                "handshakesFailed", handshakesFailed.sum());
    }

    /** To be set in every answer; an empty value takes a header away. */
    public Map<String, String> headers() {
        return state.config().headers();
    }

    @Override
    public void close() {
        looking.shutdownNow();
        hashing.shutdownNow();
        handshakes.shutdownNow();
    }
}
