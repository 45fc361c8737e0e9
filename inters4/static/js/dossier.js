// The form of a block: saves by itself, counts words, adds and removes rows. Whatever goes wrong,
// the buttons send the form as they would without this file.
const form = document.querySelector("[data-dossier]");
const PAUSE = 3_000;
const kept = `dossier:${location.pathname}`;
const saved = form.querySelector("[data-saved]");
let timer;
let running = null;
let isChanged = false;
let isStopped = false;
const paused = new Set();

const typed = () => {
  const data = new FormData(form);
  return [...data].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
};

const remember = () => {
  try {
    sessionStorage.setItem(kept, JSON.stringify(typed()));
  } catch (error) {
    console.info("not kept in the browser", error);
  }
};

// ---- counters ----
const CITATIONS = /\s*\[[1-9]\d{0,2}\](?![(:])/g;
const words = (text) =>
  text.replace(CITATIONS, "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Characters as Python counts them: an emoji is one. */
const characters = (text) => [...text.trim()].length;

const NUMBERS = new Intl.NumberFormat(document.documentElement.lang || "fr");

function count(counter) {
  const field = document.getElementById(counter.dataset.counts);
  if (!field) return;
  const found = counter.dataset.unit === "words" ? words(field.value) : characters(field.value);
  counter.textContent = counter.dataset.told.replace("{count}", NUMBERS.format(found).replaceAll("\u202f", "\u00a0"));
  counter.hidden = counter.dataset.unit !== "words" && found < 0.8 * Number(counter.dataset.limit);
  const isShort = found < Number(counter.dataset.low ?? 0);
  counter.classList.toggle("counter-over", isShort || found > Number(counter.dataset.limit));
}
const counters = [...form.querySelectorAll("[data-counts]")];
counters.forEach(count);

// ---- rows ----
const nextReference = () =>
  1 + Math.max(0, ...[...form.querySelectorAll('[name$="-number"]')].map((field) => Number(field.value) || 0));

function addRow(list) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const numbers = rows.map((row) => Number(row.id.slice(row.id.lastIndexOf("-") + 1)));
  const number = String(Math.max(-1, ...numbers) + 1);
  const copy = list.querySelector("template").content.cloneNode(true);
  for (const element of copy.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("__N__")) {
        attribute.value = attribute.value.replaceAll("__N__", number);
      }
    }
  }
  const own = copy.querySelector(`[name="references-${number}-number"]`);
  if (own) own.value = String(nextReference());
  list.querySelector("template").before(copy);
  return document.getElementById(`${list.dataset.rows}-${number}`);
}

form.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]");
  const remove = event.target.closest("[data-remove]");
  if (!add && !remove) return;
  event.preventDefault();
  const list = event.target.closest("[data-rows]");
  if (add) {
    addRow(list).querySelector("input, select, textarea").focus();
    return;
  }
  remove.closest("[data-row]").remove();
  list.querySelector("[data-add]").focus();
  changed();
});

// ---- the main term of a list: one of those ticked ----
function offerMain(box) {
  const main = form.querySelector(`[data-main="${CSS.escape(box.name)}"]`);
  if (!main) return;
  const choice = main.querySelector("select");
  const option = [...choice.options].find((one) => one.value === box.value);
  if (box.checked && !option) {
    choice.append(new Option(box.closest("label").textContent.trim(), box.value));
  } else if (!box.checked) option?.remove();
  main.hidden = choice.options.length < 2;
}
form.addEventListener("change", (event) => {
  if (event.target.type === "checkbox") offerMain(event.target);
});

// ---- what a session that ended left here ----
function restore() {
  const found = sessionStorage.getItem(kept);
  if (!found) return;
  sessionStorage.removeItem(kept);
  const before = JSON.parse(found);
  for (const [name] of before) {
    const list = form.querySelector(`[data-rows="${CSS.escape(name.split("-")[0])}"]`);
    while (list && !form.elements[name] && list.querySelectorAll("[data-row]").length < 100) {
      addRow(list);
    }
  }
  const values = new Map();
  for (const [name, value] of before) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || ["csrf_token", "champs"].includes(field.name) || field.type === "submit") continue;
    const given = values.get(field.name) ?? [];
    if (field.type === "checkbox") {
      field.checked = given.includes(field.value);
      offerMain(field);
    }
    else if (given.length) field.value = given[0];
  }
  counters.forEach(count);
  saved.textContent = form.dataset.restored;
  changed();
}

// ---- saving ----
function changed() {
  isChanged = true;
  remember();
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

async function save() {
  clearTimeout(timer);
  if (running) await running;
  if (!isChanged || isStopped || !form.isConnected) return true;
  isChanged = false;
  running = send();
  const isSaved = await running;
  running = null;
  if (!isSaved) isChanged = true;
  return isSaved;
}

async function send() {
  const sent = typed().filter(([name, value]) => name !== "champs" || !paused.has(value));
  const body = new URLSearchParams([["csrf_token", form.elements.csrf_token.value], ...sent]);
  let answer;
  try {
    answer = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "error" });
  } catch {
    saved.textContent = form.dataset.failed;
    return false;
  }
  if (answer.status === 409) {
    pause(await answer.json());
    return true;
  }
  if (answer.status === 422) {
    saved.textContent = (await answer.json()).said;
    return false;
  }
  if (!answer.ok) {
    if ([400, 401].includes(answer.status)) askToSignIn();
    else saved.textContent = form.dataset.failed;
    return false;
  }
  const { version, said, marks = {}, lacks } = await answer.json();
  form.elements.version.value = version;
  setMarks(marks);
  if (lacks) showLacks(lacks);
  if (!isChanged && !paused.size) sessionStorage.removeItem(kept);
  saved.textContent = paused.size ? "" : said;
  return true;
}

// The session ended: whoever signs in comes back to this page, where what was typed waits.
function askToSignIn() {
  const link = document.createElement("a");
  link.href = form.dataset.signIn;
  link.textContent = form.dataset.signInSaid;
  saved.replaceChildren(`${form.dataset.kept} `, link);
}

// What is still to be done, each thing leading to its field.
function showLacks(lacks) {
  const list = document.querySelector("[data-lacks]");
  if (!list) return;
  list.replaceChildren(...lacks.map(([name, sentence]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${name}`;
    link.textContent = sentence;
    item.append(link);
    return item;
  }));
  list.hidden = !lacks.length;
  document.querySelector("[data-no-lack]").hidden = Boolean(lacks.length);
}

function setMarks(marks) {
  for (const [name, mark] of Object.entries(marks)) form.elements[`vu-${name}`].value = mark;
}

// Nobody loses the field they are typing in: the page says which fields wait for a choice, keeps
// them in the browser and saves the others. Without fields, nothing can be saved any more.
function pause({ said, see, fields, marks = {} }) {
  const banner = form.querySelector("[data-paused]");
  const button = banner.querySelector("[data-see]");
  const line = document.createElement("p");
  line.textContent = said;
  setMarks(marks);
  for (const name of fields ?? []) paused.add(name);
  isStopped = !fields;
  remember();
  saved.textContent = "";
  banner.classList.add("paused-shown");
  banner.querySelector("[data-news]").append(line);
  button.textContent = see;
  button.hidden = false;
  // The banner stands at the foot of the window: what is being typed comes above it.
  document.activeElement.scrollIntoView({ block: "nearest" });
}

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-not-sent]")) return;
  for (const counter of counters) if (counter.dataset.counts === event.target.id) count(counter);
  changed();
});
// What was typed is saved, then the button goes where it leads. When it cannot be, the person reads
// why; pressing again sends the form as it is.
let isTried = false;
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  if (isTried || !(isChanged || running)) return;
  event.preventDefault();
  const { submitter } = event;
  const isSaved = await save();
  isTried = true;
  if (isSaved && form.isConnected) form.requestSubmit(submitter);
});

restore();
