/* SPDX-License-Identifier: Apache-2.0 */
/* The colours: those of the system, or light or dark for whoever has chosen. */
"use strict";
(() => {
    const KEY = "ghostfd-theme";
    const THEMES = ["auto", "light", "dark"];

    /* A browser may forbid storage; then the choice lasts as long as the page. */
    const load = () => {
        try {
            return localStorage.getItem(KEY);
        } catch {
            return null;
        }
    };
    const save = (theme) => {
        try {
            localStorage.setItem(KEY, theme);
        } catch {
            // Chosen for this page only.
        }
    };

    let theme = THEMES.includes(load()) ? load() : "auto";
    const apply = () => {
        document.documentElement.dataset.theme = theme;
        const button = document.getElementById("theme");
        if (button) {
            button.textContent = `Theme: ${theme}`;
        }
        document.dispatchEvent(new Event("themechange"));
    };

    apply();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
    document.addEventListener("DOMContentLoaded", () => {
        apply();
        document.getElementById("theme").addEventListener("click", () => {
            theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
            save(theme);
            apply();
        });
    });
})();
