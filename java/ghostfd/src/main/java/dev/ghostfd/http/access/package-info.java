/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who may connect, and how. Comes in: the web configuration file in the format of Prometheus' exporter-toolkit, with its
 * certificates and keys, again whenever one of them changes. Goes out: a TLS handler for each new connection, a verdict on
 * each request's credentials, headers for each answer. Must not know: what is served.
 */
package dev.ghostfd.http.access;
