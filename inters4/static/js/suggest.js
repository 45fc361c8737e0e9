// Proposes documents and words under each search box while one types: a combobox with a list, as
// ARIA 1.2 has it. Without this file the box is a box. An answer that comes late is dropped.
const DELAY = 150;
const SHORTEST = 2;

const attach = (box, number) => {
  const form = box.form;
  const list = document.createElement("div");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  form.append(list);
  const wired = {
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-controls": list.id,
  };
  for (const [name, value] of Object.entries(wired)) box.setAttribute(name, value);

  const live = document.getElementById("live");
  let active = null;
  let timer = 0;
  let asked = new AbortController();

  const point = (option) => {
    active?.setAttribute("aria-selected", "false");
    active = option;
    if (option) {
      option.setAttribute("aria-selected", "true");
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  };

  const close = () => {
    clearTimeout(timer);
    asked.abort();
    point(null);
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
  };

  const show = (lines) => {
    point(null);
    list.replaceChildren(...lines.children);
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    if (live) live.textContent = lines.dataset.said;
  };

  const ask = async () => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const q = box.value.trim();
    let lines = null;
    try {
      if (q.length >= SHORTEST) {
        const answer = await fetch(`${form.action}/suggestions?${new URLSearchParams({ q })}`, { signal });
        const text = answer.ok ? await answer.text() : "";
        lines = new DOMParser().parseFromString(text, "text/html").querySelector("[data-said]");
      }
    } catch {
      // No answer, no suggestion: the box searches all the same.
    }
    if (signal.aborted) return;
    if (lines && document.activeElement === box) show(lines);
    else close();
  };

  const askSoon = () => {
    point(null);
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  };

  box.addEventListener("input", (event) => {
    if (!event.isComposing) askSoon();
  });
  box.addEventListener("compositionend", askSoon);
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // Pressing on the list must not take the focus away from the box.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else if (key === "ArrowDown") point(active ? active.nextElementSibling : list.firstElementChild);
      else point(active ? active.previousElementSibling : list.lastElementChild);
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (key === "Enter" && active) {
      event.preventDefault();
      active.click();
    }
  });
};

document.querySelectorAll('form[role="search"] input[name="q"]').forEach(attach);
