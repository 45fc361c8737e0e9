// The desk of the watch by keys. Each key presses a button or follows a link of the page, so that
// whatever it does can be done without it; htmx answers in place. The keys can be put to sleep.
const root = document.documentElement;
const KEPT = "desk-keys";
if (window.htmx) root.classList.add("live");

const desk = () => document.getElementById("desk");
const rows = () => [...document.querySelectorAll(".desk-title")];
const current = () => document.querySelector('.desk-title[aria-current="true"]');
const help = document.getElementById("desk-help");
const waiting = [];
let isAwaited = false;

// ---- keys that act ----
const press = (selector) => {
  const found = desk()?.querySelector(selector);
  found?.click();
  return Boolean(found);
};

function go(step) {
  const titles = rows();
  const place = titles.indexOf(current());
  const next = place < 0 ? titles[0] : titles[place + step];
  if (next) next.click();
  else press(step > 0 ? '.pagination a[rel="next"]' : '.pagination a[rel="prev"]');
}

function menu(name) {
  const found = desk()?.querySelector(`[data-menu="${name}"]`);
  if (!found) return;
  for (const other of desk().querySelectorAll("[data-menu][open]")) if (other !== found) other.open = false;
  found.open = true;
  found.querySelector("select, input:not([type=hidden]), button")?.focus();
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => (current() ? document.getElementById("finding-title")?.focus() : go(1)),
  e: () => menu("e"),
  t: () => menu("t"),
  a: () => menu("a"),
  x: () => current()?.closest(".desk-row").querySelector(".desk-tick input").click(),
  "/": () => document.getElementById("desk-q")?.focus(),
  "?": () => openHelp(),
};

const isTyping = (target) =>
  target.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=hidden])");

const areAwake = () => {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !desk()) return;
  if (event.key === "Escape") {
    const open = desk().querySelector("[data-menu][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (!areAwake() || isTyping(event.target) || help?.open) return;
  if (isAwaited && event.key.length === 1) waiting.push(event.key);
  else if (!act(event.key)) return;
  event.preventDefault();
});

function act(key) {
  const digit = desk().querySelector(`[data-menu][open] [data-digit="${CSS.escape(key)}"]`);
  if (digit) digit.click();
  else if (KEYS[key]) KEYS[key]();
  else return press(`[data-key="${CSS.escape(key)}"]`);
  return true;
}

// Whoever types faster than the answers loses no key.
function goOn() {
  isAwaited = false;
  while (waiting.length && !isAwaited) act(waiting.shift());
}

// ---- the help, and the switch of the keys ----
function openHelp() {
  help.showModal();
  document.getElementById("desk-help-title").focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-help]")) openHelp();
});

const awake = document.querySelector("[data-keys-on]");
awake.checked = areAwake();
awake.addEventListener("change", () => {
  try {
    localStorage.setItem(KEPT, awake.checked ? "on" : "off");
  } catch (error) {
    console.info("not kept in the browser", error);
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-check-all]")) return;
  for (const box of document.querySelectorAll(".desk-tick input")) box.checked = event.target.checked;
});

// ---- answers in place ----
document.addEventListener("htmx:beforeRequest", () => {
  isAwaited = true;
});

// A refusal comes with the page as it is now, and why.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "desk") return; // each part that was swapped says so
  const live = document.getElementById("live");
  if (live) live.textContent = desk()?.dataset.announce ?? "";
  const title = document.getElementById("finding-title");
  (title ?? document.getElementById("count"))?.focus({ preventScroll: true });
  document.querySelector(".desk-reading")?.scrollTo({ top: 0 });
  const place = title && matchMedia("(max-width: 61.99em)").matches ? title : current();
  place?.scrollIntoView({ block: "nearest" });
  goOn();
});

// A request that fails otherwise must not leave a page that lies: load it again.
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, () => window.location.reload());
}
