/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    private static final int QUEUE = 6;
    private static final InetAddress CLIENT = address(1);

    /** Hashing that is waiting to be done. */
    private final Queue<Runnable> work = new ArrayDeque<>();

    private final Passwords passwords =
            new Passwords(Map.of("alice", hash("open sesame"), "bob", hash("12345")), this::take);

    private void take(Runnable hashing) {
        if (work.size() == QUEUE) {
            throw new RejectedExecutionException();
        }
        work.add(hashing);
    }

    private static String hash(String password) {
        return BCrypt.withDefaults().hashToString(BCrypt.MIN_COST, password.toCharArray());
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** The verdict once all hashing is done. */
    private Verdict verdict(String authorization) {
        CompletableFuture<Verdict> verdict = passwords.check(authorization, CLIENT);
        while (!work.isEmpty()) {
            work.remove().run();
        }
        return verdict.join();
    }

    @Test
    void admitsARightPasswordAndHashesItOnce() {
        assertThat(passwords.check(basic("alice:open sesame"), CLIENT)).isNotDone();
        work.remove().run();

        assertThat(passwords.check(basic("alice:open sesame"), CLIENT)).isCompletedWithValue(Verdict.ADMITTED);
        assertThat(work).isEmpty();
        assertThat(passwords.check(basic("alice:open sesamf"), CLIENT)).isNotDone();
        assertThat(passwords.check(basic("bob:open sesame"), CLIENT)).isNotDone();
    }

    @Test
    void deniesAWrongPasswordEachTimeAtTheSamePriceAsAnUnknownUser() {
        for (String credentials : new String[] {"alice:wrong", "alice:wrong", "nobody:wrong", "nobody:open sesame"}) {
            CompletableFuture<Verdict> verdict = passwords.check(basic(credentials), CLIENT);
            assertThat(work).as(credentials).hasSize(1);
            work.remove().run();
            assertThat(verdict).isCompletedWithValue(Verdict.DENIED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Basic", "Basic ", "Basic !!!!", "Basic YWxpY2U=", "Bearer YWxpY2U6eA==", "alice:open sesame"
            })
    void deniesWhatIsNotBasicAuthenticationWithoutHashing(String authorization) {
        assertThat(passwords.check(authorization, CLIENT)).isCompletedWithValue(Verdict.DENIED);
        assertThat(work).isEmpty();
    }

    @Test
    void deniesAnEmptyPassword() {
        assertThat(verdict(basic("alice:"))).isEqualTo(Verdict.DENIED);
        assertThat(verdict(basic(":"))).isEqualTo(Verdict.DENIED);
    }

    @Test
    void takesTheSchemeInAnyCaseAndColonsInPasswords() {
        Passwords colons = new Passwords(Map.of("carol", hash("a:b:c")), Runnable::run);

        assertThat(colons.check(basic("carol:a:b:c").replace("Basic", "bAsIc"), CLIENT)
                        .join())
                .isEqualTo(Verdict.ADMITTED);
    }

    /** The C library's and htpasswd's hashes; of a long password both look at 72 characters only. */
    @ParameterizedTest
    @CsvSource({
        "1, secret, $2a$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "1, secret, $2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "1, secret, $2y$04$.9/G70W1achPgAPXQacTm.fjj8jRFLQxw5ExE/vy..e9Lh2A0ISnm",
        "80, a, $2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe",
        "72, a, $2y$04$w9f3aUk.CXSNy070DkttmeLlSYThU9Q4XFTsPmFIAZOtOggcxzJJy",
    })
    void knowsTheHashesOfOtherPrograms(int times, String part, String hash) {
        Passwords one = new Passwords(Map.of("dave", hash), Runnable::run);

        assertThat(one.check(basic("dave:" + part.repeat(times)), CLIENT).join())
                .isEqualTo(Verdict.ADMITTED);
        assertThat(one.check(basic("dave:Secret"), CLIENT).join()).isEqualTo(Verdict.DENIED);
    }

    @Test
    void refusesGuessesThatItCannotHashSoonButStillKnowsWhoWasRight() {
        assertThat(verdict(basic("bob:12345"))).isEqualTo(Verdict.ADMITTED);
        for (int guess = 0; guess < QUEUE; guess++) {
            assertThat(passwords.check(basic("bob:" + guess), address(10 + guess)))
                    .isNotDone();
        }

        assertThat(passwords.check(basic("bob:guess"), CLIENT)).isCompletedWithValue(Verdict.BUSY);
        assertThat(passwords.check(basic("bob:12345"), CLIENT)).isCompletedWithValue(Verdict.ADMITTED);
    }

    @Test
    void letsNoClientTakeAllTheRoom() {
        int taken = 0;
        while (!passwords.check(basic("bob:" + taken), CLIENT).isDone()) {
            taken++;
        }

        assertThat(taken).isLessThan(QUEUE);
        assertThat(passwords.check(basic("alice:open sesame"), address(2))).isNotDone();
        work.remove().run();
        assertThat(passwords.check(basic("bob:again"), CLIENT))
                .as("one is done")
                .isNotDone();
    }

    @Test
    void hashesTheSameGuessOfManyRequestsOnce() {
        List<CompletableFuture<Verdict>> verdicts = Stream.generate(
                        () -> passwords.check(basic("alice:open sesame"), CLIENT))
                .limit(20)
                .toList();

        assertThat(work).hasSize(1);
        work.remove().run();
        assertThat(verdicts).allSatisfy(verdict -> assertThat(verdict).isCompletedWithValue(Verdict.ADMITTED));
    }

    @Test
    void admitsEverybodyWhereThereAreNoUsers() {
        assertThat(new Passwords(Map.of(), work::add).check("", CLIENT)).isCompletedWithValue(Verdict.ADMITTED);
    }
}
