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
const told = new Set([desk()?.dataset.last]); // gestures that were said already
let ticked = new Set();
let isAwaited = false;

// On a phone the boxes are one line that scrolls: the one that is open is in sight.
function showBox() {
  const list = document.querySelector(".desk-boxes");
  const open = list?.querySelector("[aria-current]");
  if (open) list.scrollLeft = open.offsetLeft - list.offsetLeft - (list.clientWidth - open.offsetWidth) / 2;
}
showBox();

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

const named = (box) => box.value.split(".")[0]; // what follows the dot changes with the finding
const boxes = () => [...document.querySelectorAll(".desk-tick input")];

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
  b: () => menu("b"),
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
  for (const box of boxes()) box.checked = event.target.checked;
});

// ---- answers in place ----
document.addEventListener("htmx:beforeRequest", () => {
  isAwaited = true;
  document.getElementById("messages")?.replaceChildren();
});

// A refusal comes with the page as it is now, and why.
document.addEventListener("htmx:beforeSwap", (event) => {
  const isDone = event.detail.requestConfig?.elt?.id === "lot" && event.detail.xhr.status < 400;
  ticked = new Set(isDone ? [] : boxes().filter((box) => box.checked).map(named));
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// What was just done, or why it was not; what was undone is among the messages, which speak.
function announce(isUndo) {
  const { told: refusal, last, done } = desk()?.dataset ?? {};
  const isNew = last && !told.has(last);
  if (last) told.add(last);
  const live = document.getElementById("live");
  if (live) live.textContent = refusal || (isNew && !isUndo ? done : "");
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "desk") return; // each part that was swapped says so
  for (const box of boxes()) if (ticked.has(named(box))) box.checked = true;
  announce(event.detail.requestConfig?.path.endsWith("/annulation"));
  const title = document.getElementById("finding-title");
  (title ?? document.getElementById("count"))?.focus({ preventScroll: true });
  document.querySelector(".desk-reading")?.scrollTo({ top: 0 });
  const place = title && matchMedia("(max-width: 61.99em)").matches ? title : current();
  place?.scrollIntoView({ block: "nearest" });
  showBox();
  goOn();
});

// A request that fails otherwise must not leave a page that lies: load it again.
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, () => window.location.reload());
}
