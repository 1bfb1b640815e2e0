/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Asks the kubelet for the pods of this node. The token is read anew for every request and the certificates whenever the
 * file has changed, because Kubernetes replaces both while the daemon runs. Confined to one thread, which it blocks for at
 * most half a minute.
 */
final class KubeletClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long TRANSFER_SECONDS = 20;
    private static final long LARGEST_ANSWER = 64L << 20;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final KubeletOptions options;
    private final URI pods;
    private Optional<HttpClient> client = Optional.empty();
    private byte[] authorities = {};

    KubeletClient(KubeletOptions options) {
        this.options = options;
        this.pods = URI.create(options.url().toString().replaceFirst("/+$", "") + "/pods");
    }

    /**
     * Hands over all pods of the node.
     *
     * @throws IOException with what to do about it, on one line
     */
    void read(Consumer<Pod> into) throws IOException, InterruptedException {
        try {
            HttpResponse<InputStream> response = client().send(request(), HttpResponse.BodyHandlers.ofInputStream());
            InputStream body = response.body();
            /* A request's timeout ends with the headers; a server that stalls later is cut off here. */
            CompletableFuture<Void> cutOff = CompletableFuture.runAsync(
                    () -> close(body), CompletableFuture.delayedExecutor(TRANSFER_SECONDS, TimeUnit.SECONDS));
            try (body) {
                check(response.statusCode());
                Pod.readList(new Limited(body), into);
            } finally {
                cutOff.cancel(false);
            }
        } catch (SSLException untrusted) {
            throw new IOException(
                    "no trust in the certificate of " + options.url() + " (" + untrusted.getMessage()
                            + "): name the file that signs it with --kubelet.ca-file, or if it has signed itself give"
                            + " --kubelet.insecure-skip-verify",
                    untrusted);
        } catch (ConnectException | HttpTimeoutException absent) {
            throw new IOException("nothing answers at " + options.url() + ": check --kubelet.url", absent);
        } catch (JsonProcessingException other) {
            throw new IOException("the answer of " + pods + " is no list of pods: check --kubelet.url", other);
        } catch (GeneralSecurityException broken) {
            throw new IOException(
                    "cannot use the certificates in " + options.authorities() + ": " + broken.getMessage(), broken);
        }
    }

    private HttpRequest request() throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(pods).timeout(PATIENCE);
        if ("https".equals(options.url().getScheme()) && Files.exists(options.token())) {
            request.header(
                    "Authorization",
                    "Bearer " + Files.readString(options.token()).strip());
        }
        return request.build();
    }

    private void check(int status) throws IOException {
        switch (status) {
            case OK -> {}
            case UNAUTHORIZED ->
                throw new IOException("the kubelet does not accept the token in " + options.token()
                        + ": mount a service account token there, or give --kubelet.token-file");
            case FORBIDDEN ->
                throw new IOException(
                        "the kubelet does not let this service account list pods: grant it the verb get on"
                                + " the resource nodes/proxy");
            default -> throw new IOException(pods + " answers with status " + status + ": check --kubelet.url");
        }
    }

    private HttpClient client() throws IOException, GeneralSecurityException {
        byte[] now = Files.exists(options.authorities()) ? Files.readAllBytes(options.authorities()) : new byte[0];
        if (client.isEmpty() || !Arrays.equals(now, authorities)) {
            close();
            authorities = now;
            client = Optional.of(HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(KubeletTrust.context(new ByteArrayInputStream(now), options.verify()))
                    .build());
        }
        return client.get();
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException alreadyClosed) {
            throw new UncheckedIOException(alreadyClosed);
        }
    }

    @Override
    public void close() {
        client.ifPresent(HttpClient::shutdownNow);
        client = Optional.empty();
    }

    /** Ends a stream that is longer than any list of pods. */
    private static final class Limited extends FilterInputStream {
        private long left = LARGEST_ANSWER;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return count(super.read(), 1);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            return count(read, read);
        }

        private int count(int result, int bytes) throws IOException {
            left -= Math.max(0, bytes);
            if (left < 0) {
                throw new IOException("the answer is longer than " + LARGEST_ANSWER + " bytes: check --kubelet.url");
            }
            return result;
        }
    }
}
