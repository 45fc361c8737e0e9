// The « Imprimer » button of a page: shown only where scripts run.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
