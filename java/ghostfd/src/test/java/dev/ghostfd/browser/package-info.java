/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The distribution's Chromium, without a window, for tests that look at the page as a person would: by its headings,
 * tables and buttons. Knows nothing of what the page is made of.
 */
package dev.ghostfd.browser;
