/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.build;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Run by the build: raises the class files of a library to version 52. picocli's are of version 49, from before stack map
 * frames: the JVM has to verify those slowly at each start, and leaves them out of an AOT cache.
 */
public final class ClassFiles {
    private static final int VERSION = Opcodes.V1_8;
    private static final int MAJOR_VERSION_AT = 6;

    private ClassFiles() {}

    /** Arguments: the library's jar, the folder to put its classes in. */
    public static void main(String[] arguments) throws IOException {
        Path library = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        try (JarFile jar = new JarFile(library.toFile());
                URLClassLoader loader = loader(library)) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class")) {
                    Path target = folder.resolve(entry.getName());
                    Files.createDirectories(target.getParent());
                    Files.write(target, raise(jar.getInputStream(entry).readAllBytes(), loader));
                }
            }
        }
    }

    private static URLClassLoader loader(Path library) throws MalformedURLException {
        return new URLClassLoader(new URL[] {library.toUri().toURL()});
    }

    private static byte[] raise(byte[] bytes, ClassLoader loader) {
        int version = (bytes[MAJOR_VERSION_AT] & 0xff) << 8 | bytes[MAJOR_VERSION_AT + 1] & 0xff;
        if (version >= VERSION) {
            return bytes;
        }
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return loader;
            }
        };
        new ClassReader(bytes)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public void visit(
                                    int old, int access, String name, String generic, String parent, String[] faces) {
                                super.visit(VERSION, access, name, generic, parent, faces);
                            }
                        },
                        ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
