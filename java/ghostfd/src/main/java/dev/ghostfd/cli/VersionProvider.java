/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Enumeration;
import java.util.jar.Manifest;
import picocli.CommandLine.IVersionProvider;

/** Version and revision, from the jar's manifest. */
final class VersionProvider implements IVersionProvider {
    private static final String REVISION = "Ghostfd-Revision";
    private static final String UNPACKED = "unknown";

    @Override
    public String[] getVersion() {
        return new String[] {"ghostfd " + version() + " (" + revision() + ")"};
    }

    static String version() {
        return attribute("Implementation-Version");
    }

    static String revision() {
        return attribute(REVISION);
    }

    private static String attribute(String name) {
        try {
            Enumeration<URL> manifests = VersionProvider.class.getClassLoader().getResources("META-INF/MANIFEST.MF");
            while (manifests.hasMoreElements()) {
                try (InputStream in = manifests.nextElement().openStream()) {
                    Manifest manifest = new Manifest(in);
                    if (manifest.getMainAttributes().getValue(REVISION) != null) {
                        String value = manifest.getMainAttributes().getValue(name);
                        return value == null ? UNPACKED : value;
                    }
                }
            }
        } catch (IOException unreadable) {
            return UNPACKED;
        }
        return UNPACKED;
    }
}
