/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Basic authentication (RFC 7617) against bcrypt hashes. A right password is hashed once and then remembered by a digest;
 * a wrong one costs a hash each time, for a user that does not exist as well, so that the time taken tells nothing.
 * Thread-safe.
 */
final class Passwords {
    private static final String SCHEME = "Basic ";
    /** Guesses of one address that may wait at once, so that none shuts out the others. */
    private static final int PER_CLIENT = 4;

    /** As in "$2y$10$": where the logarithm of the work stands. */
    private static final int COST_AT = 4;

    private static final BCrypt.Verifyer BCRYPT = BCrypt.verifyer(BCrypt.Version.VERSION_2Y);
    /** bcrypt looks at 72 bytes; more are cut off, as htpasswd and Go do, and leave no room for the final NUL. */
    private static final BCrypt.Verifyer BCRYPT_LONG = BCrypt.verifyer(
            BCrypt.Version.VERSION_2Y_NO_NULL_TERMINATOR,
            LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2Y_NO_NULL_TERMINATOR));

    private static final class Account {
        private final byte[] hash;
        /** The digest of the password that was right, once there has been one; no password has an empty one. */
        private volatile byte[] known = {};

        Account(String hash) {
            this.hash = hash.getBytes(StandardCharsets.US_ASCII);
        }

        String cost() {
            return new String(hash, COST_AT, 2, StandardCharsets.US_ASCII);
        }
    }

    /** As the client gave them; a password is bytes, in whatever encoding it was hashed. */
    private static final class Credentials {
        private final String user;
        private final byte[] password;

        Credentials(byte[] decoded, int colon) {
            user = new String(decoded, 0, colon, StandardCharsets.UTF_8);
            password = Arrays.copyOfRange(decoded, colon + 1, decoded.length);
        }
    }

    private final Map<String, Account> accounts;
    /** Does for users that do not exist: the one whose hash takes longest. */
    private final Optional<Account> decoy;

    private final Executor hashing;
    private final Map<String, CompletableFuture<Verdict>> underWay = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> waiting = new ConcurrentHashMap<>();

    /**
     * @param users bcrypt hashes by name; empty to admit everybody
     * @param hashing refuses work, with RejectedExecutionException, when it has enough
     */
    Passwords(Map<String, String> users, Executor hashing) {
        this.hashing = hashing;
        accounts = users.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, user -> new Account(user.getValue())));
        decoy = accounts.values().stream().max(Comparator.comparing(Account::cost));
    }

    /** @param authorization the request's header of that name, empty if none */
    CompletableFuture<Verdict> check(String authorization, InetAddress client) {
        if (decoy.isEmpty()) {
            return CompletableFuture.completedFuture(Verdict.ADMITTED);
        }
        Optional<Credentials> given = credentials(authorization);
        if (given.isEmpty()) {
            return CompletableFuture.completedFuture(Verdict.DENIED);
        }
        Credentials credentials = given.get();
        Optional<Account> account = Optional.ofNullable(accounts.get(credentials.user));
        byte[] digest = digest(credentials.password);
        if (account.isPresent() && MessageDigest.isEqual(digest, account.get().known)) {
            return CompletableFuture.completedFuture(Verdict.ADMITTED);
        }
        String guess = HexFormat.of().formatHex(digest) + credentials.user;
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        CompletableFuture<Verdict> same = underWay.putIfAbsent(guess, verdict);
        if (same != null) {
            /* A page that asks for much at once, say. */
            return same;
        }
        hashInTurn(client, verdict, () -> hash(account, credentials.password, digest));
        return verdict.whenComplete((known, failed) -> underWay.remove(guess));
    }

    private void hashInTurn(InetAddress client, CompletableFuture<Verdict> verdict, Supplier<Verdict> work) {
        boolean room = waiting.merge(client, 1, Integer::sum) <= PER_CLIENT;
        var _ = verdict.whenComplete((known, failed) -> leave(client));
        try {
            if (room) {
                verdict.completeAsync(work, hashing);
            }
        } catch (RejectedExecutionException enough) {
            room = false;
        }
        if (!room) {
            verdict.complete(Verdict.BUSY);
        }
    }

    private void leave(InetAddress client) {
        waiting.computeIfPresent(client, (address, guesses) -> guesses == 1 ? null : guesses - 1);
    }

    private Verdict hash(Optional<Account> account, byte[] password, byte[] digest) {
        boolean right = matches(account.or(() -> decoy).orElseThrow(), password);
        if (account.isEmpty() || !right) {
            return Verdict.DENIED;
        }
        account.get().known = digest;
        return Verdict.ADMITTED;
    }

    private static boolean matches(Account account, byte[] password) {
        BCrypt.Verifyer bcrypt = password.length < BCrypt.Version.MAX_PW_LENGTH_BYTE ? BCRYPT : BCRYPT_LONG;
        return password.length > 0 && bcrypt.verify(password, account.hash).verified;
    }

    private static byte[] digest(byte[] password) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(password);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Optional<Credentials> credentials(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        for (int i = 0; i < decoded.length; i++) {
            if (decoded[i] == ':') {
                return Optional.of(new Credentials(decoded, i));
            }
        }
        return Optional.empty();
    }
}
