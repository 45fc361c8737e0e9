// What helps to write in a thread: people to name after an @, a quotation put where one writes, a
// file too large told before it leaves. Without any of this the forms work the same.
const form = document.querySelector("form.composer");
const field = form?.querySelector("textarea[data-mentions]");
const say = (text) => {
  document.getElementById("live").textContent = text;
};

const NAMED = /(?:^|[^\w.@/])@([\p{L}\p{M}\d'’.-]*(?: [\p{L}\p{M}\d'’.-]*){0,3})$/u;
const list = document.createElement("ul");
let people = [];
let chosen = -1;
let asked = 0;
let timer = 0;

const typedName = () => {
  if (field.selectionStart !== field.selectionEnd) return null;
  const before = field.value.slice(Math.max(0, field.selectionStart - 120), field.selectionStart);
  const found = NAMED.exec(before);
  return found ? found[1] : null;
};

const close = () => {
  people = [];
  chosen = -1;
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
};

const mark = (place) => {
  chosen = (place + people.length) % people.length;
  [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
  field.setAttribute("aria-activedescendant", list.children[chosen].id);
};

const name = (person) => {
  const typed = typedName();
  const end = field.selectionStart;
  const start = end - typed.length;
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, `${person.name} `)) {
    field.setRangeText(`${person.name} `, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const kept = document.createElement("input");
  kept.type = "hidden";
  kept.name = "personne";
  kept.value = person.id;
  form.append(kept);
  close();
  say(`${person.name} ${form.dataset.named}`);
};

const show = (found) => {
  close();
  people = found;
  if (!people.length) return;
  people.forEach((person, index) => {
    const item = document.createElement("li");
    item.id = `person-${index}`;
    item.setAttribute("role", "option");
    item.textContent = person.name;
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      name(person);
    });
    list.append(item);
  });
  list.hidden = false;
  mark(0);
  say(`${people.length} ${form.dataset.found}`);
};

const look = async () => {
  const typed = typedName();
  if (typed === null || typed.length < 1) {
    close();
    return;
  }
  const number = ++asked;
  const address = new URL(form.dataset.people, location.href);
  address.searchParams.set("q", typed);
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const found = answer.ok ? (await answer.json()).people : [];
    // what is already written whole needs no help
    if (number === asked) show(found.filter((person) => person.name !== typed.trim()));
  } catch {
    close();
  }
};

const KEYS = {
  ArrowDown: () => mark(chosen + 1),
  ArrowUp: () => mark(chosen - 1),
  Enter: () => name(people[chosen]),
  Tab: () => name(people[chosen]),
  Escape: close,
};

if (field && form.dataset.people) {
  list.className = "people-list";
  list.id = "people";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.list);
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "people");
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  field.addEventListener("blur", close);
  // before the editor continues a list
  field.addEventListener(
    "keydown",
    (event) => {
      if (list.hidden || !KEYS[event.key] || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      KEYS[event.key]();
    },
    { capture: true },
  );
}

// The quotation comes from the server, as without this file; what is being written stays.
const quote = async (link) => {
  const answer = await fetch(link.href.split("#")[0]);
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-quotation]")?.dataset.quotation ?? "";
};

for (const link of document.querySelectorAll("a[data-quotes]")) {
  link.addEventListener("click", async (event) => {
    if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const text = await quote(link);
      const before = field.value.slice(0, field.selectionStart);
      const gap = before.trim() ? "\n".repeat(Math.max(0, 2 - /\n*$/.exec(before)[0].length)) : "";
      field.focus();
      if (!document.execCommand("insertText", false, gap + text)) {
        field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      field.scrollIntoView({ block: "center" });
    } catch {
      location.assign(link.href);
    }
  });
}

const file = form?.querySelector("input[type=file]");
file?.addEventListener("change", () => {
  const isTooLarge = [...file.files].some((one) => one.size > Number(form.dataset.largest));
  file.setCustomValidity(isTooLarge ? form.dataset.tooLarge : "");
  if (isTooLarge) file.reportValidity();
});
