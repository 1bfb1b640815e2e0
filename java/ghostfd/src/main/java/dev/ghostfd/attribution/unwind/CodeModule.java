/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.code.CallInstruction;
import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.attribution.code.FileKey;
import dev.ghostfd.attribution.code.ModuleFile;
import dev.ghostfd.kernel.DwarfFrames;
import dev.ghostfd.kernel.FrameRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/** An executable or library that some process has mapped, and what it tells about its frames. For one thread. */
final class CodeModule {
    /** Beyond it, what libdw reads to find .debug_frame is not worth the memory. */
    private static final long MOST_DEBUG_BYTES = 32L << 20;

    /** What a file has for those who want to leave its functions. */
    enum Frames {
        UNTRIED,
        /** .eh_frame, as all compilers write it that do not keep frame pointers. */
        TOLD,
        /** No .eh_frame: what wrote it keeps frame pointers. */
        NOT_TOLD,
        /** The file cannot be read, until a process is seen through which it can. */
        UNREADABLE
    }

    private final int number;
    private final FileKey key;
    private ModuleFile file;
    private Frames frames = Frames.UNTRIED;
    private Optional<DwarfFrames> open = Optional.empty();
    private Optional<ElfHeader> header = Optional.empty();
    private long lastUse;

    /**
     * Reads nothing yet.
     *
     * @param number identifies it for as long as this JVM runs
     */
    CodeModule(int number, FileKey key, ModuleFile file) {
        this.number = number;
        this.key = key;
        this.file = file;
    }

    int number() {
        return number;
    }

    /** Notes where the file can be found: the ways there that lead through a process end with it. */
    void isFoundAt(ModuleFile now) {
        file = now;
        if (frames == Frames.UNREADABLE) {
            frames = Frames.UNTRIED;
        }
    }

    /** A path that leads to this very file now. */
    private Optional<Path> path() {
        return file.path().filter(path -> FileKey.of(path).filter(key::equals).isPresent());
    }

    Frames frames() {
        return frames;
    }

    boolean isOpen() {
        return open.isPresent();
    }

    long lastUse() {
        return lastUse;
    }

    void use(long now) {
        lastUse = now;
    }

    /** Opens the file; {@link #frames} says what it has. libdw must be available. */
    void open() {
        Optional<Path> path = path();
        header = path.flatMap(ElfHeader::read);
        boolean small = key.size() + header.map(ElfHeader::inflatedBytes).orElse(0L) <= MOST_DEBUG_BYTES;
        open = header.flatMap(_ -> DwarfFrames.open(path.orElseThrow(), small));
        frames = open.map(told -> told.hasEhFrame() ? Frames.TOLD : Frames.NOT_TOLD)
                .orElse(Frames.UNREADABLE);
    }

    /** What the open file tells about code at an offset in it. */
    Optional<FrameRow> row(long fileOffset) {
        OptionalLong address = header.map(told -> told.address(fileOffset)).orElse(OptionalLong.empty());
        return address.isPresent() ? open.flatMap(told -> told.rowAt(address.getAsLong())) : Optional.empty();
    }

    /** Whether the code before an offset in the file ends with a call; empty if it cannot be read now. */
    Optional<Boolean> isBehindCall(long fileOffset) {
        long from = fileOffset - CallInstruction.MAX_BYTES;
        return from < 0 ? Optional.of(false) : path().flatMap(path -> read(path, from));
    }

    private Optional<Boolean> read(Path path, long from) {
        header = header.or(() -> ElfHeader.read(path));
        ByteBuffer code = ByteBuffer.allocate(CallInstruction.MAX_BYTES);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            boolean whole = channel.read(code, from) == CallInstruction.MAX_BYTES;
            return header.map(told -> whole && CallInstruction.mayEnd(told.machine(), code.flip()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Frees what libdw has read; what is known of {@link #frames} stays. */
    void close() {
        open.ifPresent(DwarfFrames::close);
        open = Optional.empty();
    }
}
