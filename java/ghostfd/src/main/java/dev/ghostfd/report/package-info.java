/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a run found, told to people and to the machines of code hosts: text, JUnit XML, SARIF, annotations, and the baseline
 * of what is accepted. In come findings and how the run went; out go documents. It must not know how findings are made, what
 * rules there are, nor that there is a server.
 */
package dev.ghostfd.report;
