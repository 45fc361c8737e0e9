// Makes the list of results answer by itself: choosing a filter replaces #results and the counts,
// keeps the reader's place and says the new total. Without this file the form has its button.
const root = document.documentElement;
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

if (window.htmx) root.classList.add("live");

// ---- the filter box of a long facet ----
const narrow = (box) => {
  const facet = box.closest("[data-facet]");
  const wanted = folded(box.value.trim());
  for (const row of facet.querySelectorAll("li")) {
    row.hidden = !folded(row.querySelector(".facet-label").textContent).includes(wanted);
  }
  const more = facet.querySelector("details");
  if (more && wanted) more.open = true;
};

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-facet-filter]")) narrow(event.target);
});
// It searches inside the page: neither « change » nor Enter may send the form.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches("[data-facet-filter]")) event.stopPropagation();
  },
  true,
);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-facet-filter]")) event.preventDefault();
});

// ---- the histogram: press on a year, release on another ----
let firstYear = null;
const yearAt = (event) =>
  document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-year]")?.dataset.year;

document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.("[data-years]")) firstYear = yearAt(event);
});
document.addEventListener("pointerup", (event) => {
  const last = firstYear && (yearAt(event) || firstYear);
  if (!last) return;
  const facet = document.querySelector("[data-years]").closest("[data-facet]");
  const [from, to] = [firstYear, last].sort();
  firstYear = null;
  facet.querySelector("[data-year-from]").value = from;
  const end = facet.querySelector("[data-year-to]");
  end.value = to;
  end.dispatchEvent(new Event("change", { bubbles: true }));
});

// An address holds what was chosen, not what was left empty.
document.addEventListener("htmx:configRequest", (event) => {
  const { formData } = event.detail;
  for (const [name, value] of [...formData.entries()]) {
    if (value === "" && name !== "q") formData.delete(name);
  }
});

// ---- before and after a swap: what was open stays open, the total is said ----
let opened = new Set();
let typed = new Map();

document.addEventListener("htmx:beforeSwap", () => {
  const facets = document.getElementById("facet-values");
  if (!facets) return;
  opened = new Set([...facets.querySelectorAll("details[open]")].map((part) => part.id));
  typed = new Map([...facets.querySelectorAll("[data-facet-filter]")].map((box) => [box.id, box.value]));
});

document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target?.id !== "facet-values") return;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of typed) {
    const box = document.getElementById(id);
    if (!box || !value) continue;
    box.value = value;
    narrow(box);
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const results = event.target.closest?.("#results") || document.getElementById("results");
  const live = document.getElementById("live");
  if (results && live) live.textContent = results.dataset.announce || "";
  // What was pressed went away with the old list (a chip, « Suivante »): go on from the new one.
  const lost = !document.activeElement || document.activeElement === document.body;
  const sheet = document.getElementById("filters");
  if (lost && !sheet?.matches(":popover-open")) {
    results?.querySelector("h1")?.focus({ preventScroll: true });
  }
});

// A request that fails must not leave a list that lies: load the page itself.
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, (event) => {
    const path = event.detail.pathInfo?.finalRequestPath || event.detail.requestConfig?.path;
    if (path) window.location.assign(path);
  });
}

// ---- the sheet on phones: focus goes in with it and comes back ----
document.getElementById("filters")?.addEventListener("toggle", (event) => {
  const active = document.activeElement;
  if (event.newState === "open") document.getElementById("filters-title").focus();
  else if (!active || active === document.body || event.target.contains(active)) {
    // The button that opened the sheet was replaced with the results.
    document.getElementById("filter-button")?.focus();
  }
});
