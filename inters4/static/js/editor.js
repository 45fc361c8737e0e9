// Rich fields: a toolbar for who does not write Markdown, a clean paste, a preview. The field
// stays a plain text area, which works without any of this.
import "../vendor/markdown-toolbar.min.js";

const SHORTCUTS = { b: "bold", i: "italic", k: "link" };
const ITEM = /^(\s*)(?:([-*+])|(\d+)([.)]))(\s+)(.*)$/;
const BLOCKS = /\n|^(?:#{1,6} |[-*+] |\d+[.)] |\||>|```)/;
const LONG = 20_000;

const live = (text) => {
  document.getElementById("live").textContent = text;
};

// Through the browser's own command, so that « undo » takes it back.
function insert(field, text) {
  field.focus();
  if (text.length < LONG && document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// So that « undo » takes back the paste alone, not what was typed before it.
function closeTyping(field) {
  const { selectionStart, selectionEnd } = field;
  field.setSelectionRange(0, field.value.length);
  field.setSelectionRange(selectionStart, selectionEnd);
}

// Titles, lists, tables and paragraphs stand apart from what is already written around them.
function apart(field, markdown) {
  if (!BLOCKS.test(markdown)) return markdown;
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const lines = (missing) => "\n".repeat(Math.max(0, missing));
  const above = before.trim() ? lines(2 - /\n*$/.exec(before)[0].length) : "";
  const below = after.trim() ? lines(2 - /^\n*/.exec(after)[0].length) : "";
  return above + markdown + below;
}

function lineOf(field) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const end = (field.value.indexOf("\n", field.selectionStart) + 1 || field.value.length + 1) - 1;
  return { start, end, text: field.value.slice(start, end) };
}

// No heading -> heading -> smaller heading -> none.
function heading(field) {
  const { start, end, text } = lineOf(field);
  const level = /^(#{1,6})\s/.exec(text)?.[1].length ?? 0;
  const bare = text.replace(/^#{1,6}\s+/, "");
  const next = { 0: "## ", 1: "## ", 2: "### " }[level] ?? "";
  const before = field.value.slice(0, start);
  field.setSelectionRange(start, end);
  insert(field, `${next && /[^\n]\n$/.test(before) ? "\n" : ""}${next}${bare}`);
}

function table(field, button) {
  const name = button.dataset.column;
  const before = field.value.slice(0, field.selectionStart);
  const gap = !before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const start = field.selectionStart + gap.length + 2;
  insert(field, `${gap}| ${name} 1 | ${name} 2 |\n| --- | --- |\n|   |   |\n|   |   |\n\n`);
  field.setSelectionRange(start, start + name.length + 2);
}

// Enter in a list starts the next item; on an empty item, it leaves the list.
function continueList(event, field) {
  const { start, end, text } = lineOf(field);
  const found = ITEM.exec(text);
  if (!found || field.selectionStart !== field.selectionEnd || field.selectionEnd !== end) return;
  event.preventDefault();
  const [, indent, bullet, number, sign, space, rest] = found;
  if (rest.trim()) insert(field, `\n${indent}${bullet ?? `${Number(number) + 1}${sign}`}${space}`);
  else {
    field.setSelectionRange(start, end);
    insert(field, "\n");
  }
}

function setUp(editor) {
  const field = editor.querySelector("textarea");
  const toolbar = editor.querySelector("markdown-toolbar");
  const preview = editor.querySelector(".editor-preview");
  const look = editor.querySelector(".editor-look");
  const commands = { heading, table };
  let converter;
  const converting = () => (converter ??= import("./editor-paste.js"));

  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (button) commands[button.dataset.command](field, button);
  });
  field.addEventListener("focus", converting, { once: true });
  field.addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && SHORTCUTS[event.key.toLowerCase()];
    if (name) {
      event.preventDefault();
      toolbar.querySelector(`[data-md-button=${name}]`).click();
    } else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.isComposing) {
      continueList(event, field);
    }
  });
  field.addEventListener("paste", async (event) => {
    const html = event.clipboardData?.getData("text/html");
    if (!html) return;
    const text = event.clipboardData.getData("text/plain");
    event.preventDefault();
    let markdown = null;
    try {
      markdown = (await converting()).toMarkdown(html);
    } catch (error) {
      converter = undefined;
      console.info("pasted as plain text", error);
    }
    closeTyping(field);
    insert(field, markdown ? apart(field, markdown) : text);
    if (markdown) live(editor.dataset.pasted);
  });

  const show = (open) => {
    preview.hidden = !open;
    field.hidden = open;
    look.setAttribute("aria-pressed", String(open));
    for (const button of toolbar.querySelectorAll("button")) button.disabled = open;
  };
  look.addEventListener("click", async () => {
    if (field.hidden) {
      show(false);
      field.focus();
      return;
    }
    const body = new FormData();
    body.set("csrf_token", field.form.elements.csrf_token?.value ?? "");
    body.set("text", field.value);
    body.set("profile", editor.dataset.profile);
    // whom completion gave: of two people of the same name, the one who is named
    for (const one of new FormData(field.form).getAll("personne")) body.append("personne", one);
    let answer;
    try {
      answer = await fetch(editor.dataset.preview, { method: "POST", body });
    } catch {
      answer = new Response(null, { status: 503 });
    }
    const isPlain = answer.headers.get("Content-Type")?.startsWith("text/plain");
    const text = await answer.text();
    // the portal made this HTML and cleaned it, as it does for what is published
    if (answer.ok) preview.querySelector(".editor-drawn").innerHTML = text || preview.dataset.empty;
    else preview.querySelector(".editor-drawn").textContent = isPlain ? text : preview.dataset.failed;
    show(true);
    preview.focus();
  });
  field.form?.addEventListener("submit", () => show(false));
  // a field that the browser must complain about has to be seen
  field.addEventListener("invalid", () => show(false));
}

for (const editor of document.querySelectorAll("[data-editor]")) setUp(editor);
