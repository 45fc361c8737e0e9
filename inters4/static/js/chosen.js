// Both texts of a conflict: what the browser kept of the form is forgotten once one is chosen. The key
// is that of dossier.js; the page has the address of its form.
document.querySelector("#conflit form").addEventListener("submit", () => {
  sessionStorage.removeItem(`dossier:${location.pathname}`);
});
