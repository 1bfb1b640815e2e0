/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.attribution.code.FileKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises languages: interpreters by the name of their executable, compiled programs by what the compiler has left in the
 * file. Thread-safe; what was recognised is kept for the executables used last.
 */
final class Languages {
    private static final int CAPACITY = 512;
    private static final int MOST_COMMENT_BYTES = 1 << 12;
    private static final String VERSION = "[0-9.]*";

    private static final Map<Language, Pattern> INTERPRETERS = Map.of(
            Language.PYTHON, Pattern.compile("(python|pypy)" + VERSION),
            Language.NODE, Pattern.compile("node|nodejs|bun|deno"),
            Language.JVM, Pattern.compile("java"),
            Language.RUBY, Pattern.compile("(ruby|jruby|truffleruby)" + VERSION),
            Language.PERL, Pattern.compile("perl" + VERSION),
            Language.SHELL, Pattern.compile("bash|dash|sh|ash|zsh|ksh|mksh|busybox"));

    private final Map<FileKey, Language> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileKey, Language> eldest) {
            return size() > CAPACITY;
        }
    };

    /**
     * The language of a program.
     *
     * @param name its path, as its own name space knows it
     * @param file where it can be read
     */
    Language of(String name, Path file) {
        String base = name.substring(name.lastIndexOf('/') + 1);
        /* What /proc adds once the file has been replaced. */
        String program = base.replace(" (deleted)", "");
        for (Map.Entry<Language, Pattern> interpreter : INTERPRETERS.entrySet()) {
            if (interpreter.getValue().matcher(program).matches()) {
                return interpreter.getKey();
            }
        }
        return FileKey.of(file).map(key -> compiled(key, file)).orElse(Language.UNKNOWN);
    }

    private Language compiled(FileKey key, Path file) {
        synchronized (known) {
            Language language = known.get(key);
            if (language != null) {
                return language;
            }
        }
        Language language =
                ElfHeader.read(file).map(header -> compiled(header, file)).orElse(Language.UNKNOWN);
        synchronized (known) {
            known.put(key, language);
        }
        return language;
    }

    private static Language compiled(ElfHeader header, Path file) {
        if (header.goTable().isPresent()) {
            return Language.GO;
        }
        return header.comment()
                .flatMap(comment -> read(comment, file))
                .filter(text -> text.contains("rustc"))
                .map(_ -> Language.RUST)
                .orElse(Language.NATIVE);
    }

    private static Optional<String> read(ElfHeader.Section section, Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST_COMMENT_BYTES, section.length()));
            int length = channel.read(bytes, section.offset());
            return Optional.of(new String(bytes.array(), 0, Math.max(0, length), StandardCharsets.ISO_8859_1));
        } catch (IOException | IllegalArgumentException cutOff) {
            return Optional.empty();
        }
    }
}
