/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.symbol.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs with stacks to unwind, built in a folder of their own. */
public record Programs(Path folder) {
    Path catcher() {
        return c("catcher", "catcher.c", "-O1");
    }

    public Path frames(String name, String... options) {
        return c(name, "frames.c", options);
    }

    /** A program that makes its system calls through a library that tells nothing of its frames. */
    Path bare() {
        Path library = c(
                "libbare.so", "bare.c", "-O2", "-DLIBRARY", "-shared", "-nostdlib", "-fno-asynchronous-unwind-tables");
        return c("bare", "bare.c", "-O2", "-Wl,--no-as-needed", library.toString(), "-Wl,-rpath," + folder);
    }

    private Path c(String name, String source, String... options) {
        List<String> command = new ArrayList<>(List.of("gcc", "-Wall", "-Wextra"));
        command.addAll(List.of(options));
        return build(command, name, source);
    }

    /** An object file for aarch64, with .debug_frame and without .eh_frame. */
    Path aarch64Object(String source, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "clang",
                "--target=aarch64-linux-gnu",
                "-c",
                "-O1",
                "-g",
                "-fno-asynchronous-unwind-tables",
                "-fno-unwind-tables"));
        command.addAll(List.of(options));
        return build(command, source + ".o", source);
    }

    public Path rust() {
        return build(List.of("rustc", "--edition=2021"), "frames-rust", "frames.rs");
    }

    public Path go() {
        return build(List.of("go", "build"), "frames-go", "frames.go");
    }

    /** With libc's startup code in it, as programs that use cgo: some of its code has .eh_frame, Go's has not. */
    Path goWithLibc(String linkerFlags) {
        return build(
                List.of("go", "build", "-ldflags=-linkmode=external " + linkerFlags), "frames-go-libc", "frames.go");
    }

    private Path build(List<String> command, String name, String source) {
        Sources.need(command.getFirst());
        Path program = folder.resolve(name);
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("-o", program.toString(), copy(source).toString()));
        run(all);
        return program;
    }

    /** A copy of a program without symbols and debugging information. */
    public Path stripped(Path program) {
        Path stripped = program.resolveSibling(program.getFileName() + "-stripped");
        run(List.of("strip", "-o", stripped.toString(), program.toString()));
        return stripped;
    }

    void run(List<String> command) {
        new Sources(folder).run(command);
    }

    private Path copy(String name) {
        Path copy = folder.resolve(name);
        try (var in = Programs.class.getResourceAsStream(name)) {
            Files.write(copy, in.readAllBytes());
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
