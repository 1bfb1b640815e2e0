/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;

/**
 * {@code ghostfd warm-up}: does once what every start does, and ends. The scripts run it with the option that makes an AOT
 * cache of what a JVM has loaded. Traces nothing but itself. What it is not allowed to do (in the build of an image, say)
 * is left out, and the cache then knows a little less.
 */
@Command(name = "warm-up", hidden = true, description = "Runs what an AOT cache is made from.")
final class WarmUpCommand implements Callable<Integer> {
    private static final List<String> PATHS = List.of(
            "/", "/metrics", "/healthz", "/api/v1/leaks", "/api/v1/sites", "/api/v1/processes", "/api/v1/status");
    private static final int ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 50;
    private static final int ANSWER_WITHIN_MILLIS = 10_000;

    @Override
    public Integer call() throws IOException, URISyntaxException {
        String itself = "--pid=" + ProcessHandle.current().pid();
        loadOwnClasses();
        Main.run("run", "--output=/dev/null", "--", "true");
        int port = freePort();
        Thread client = new Thread(() -> visit(port), "visitor");
        client.setDaemon(true);
        client.start();
        Main.run("daemon", itself, "--log.level=error", "--web.listen-address=127.0.0.1:" + port);
        return 0;
    }

    /** What is loaded is in the cache, used or not. Those of optional libraries' absence do not matter. */
    private static void loadOwnClasses() throws IOException, URISyntaxException {
        Path jar = Path.of(WarmUpCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                if (name.startsWith("dev/ghostfd/") && name.endsWith(".class")) {
                    load(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, WarmUpCommand.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError unusable) {
            /* Then no start uses it either. */
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits for the daemon in this JVM, asks it for everything, and ends it. */
    private static void visit(int port) {
        try {
            for (int i = 0; i < ATTEMPTS && !get(port, "/readyz").startsWith("HTTP/1.1 200"); i++) {
                Thread.sleep(PAUSE_MILLIS);
            }
            for (String path : PATHS) {
                get(port, path);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        System.exit(0);
    }

    private static String get(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException notYet) {
            return "";
        }
    }
}
