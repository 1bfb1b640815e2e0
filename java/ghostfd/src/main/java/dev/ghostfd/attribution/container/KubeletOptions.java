/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.net.URI;
import java.nio.file.Path;

/**
 * How to reach the kubelet.
 *
 * @param url scheme, host and port
 * @param token file with the bearer token; sent only over https, and not if there is no such file
 * @param authorities PEM file with the certificates that may sign the kubelet's; those of the JDK if there is no such file
 * @param verify false to accept any certificate, as a kubelet needs that has signed its own
 */
public record KubeletOptions(URI url, Path token, Path authorities, boolean verify) {}
