// Light or dark: the system decides until the reader says otherwise. Loaded before the page is
// drawn, so that it never flashes; a choice equal to the system's is forgotten on purpose.
(() => {
  "use strict";
  const key = "theme";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const stored = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // Storage may be refused: the system rules.
    }
  };

  const show = (choice) => {
    if (choice === "light" || choice === "dark") {
      root.dataset.theme = choice;
    } else {
      delete root.dataset.theme;
    }
  };

  const current = () => root.dataset.theme || (system.matches ? "dark" : "light");

  root.classList.add("js");
  show(stored());

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const wanted = current() === "dark" ? "light" : "dark";
    const followsSystem = wanted === (system.matches ? "dark" : "light");
    show(followsSystem ? null : wanted);
    try {
      if (followsSystem) localStorage.removeItem(key);
      else localStorage.setItem(key, wanted);
    } catch {
      // The choice holds for this page only.
    }
  });

  // A menu drawn with <details> closes on Escape and on a click elsewhere.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.account[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  // So does it, and an open sheet or menu, when Tab walks out: it would hide what has the focus.
  document.addEventListener("focusout", (event) => {
    const next = event.relatedTarget;
    if (!next) return;
    const left = (part) => part.contains(event.target) && !part.contains(next) && !next.contains(part);
    for (const menu of document.querySelectorAll("details.account[open]")) {
      if (left(menu)) menu.open = false;
    }
    if (!("hidePopover" in HTMLElement.prototype)) return;
    for (const sheet of document.querySelectorAll("[popover]:popover-open")) {
      if (left(sheet)) sheet.hidePopover();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.account[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
