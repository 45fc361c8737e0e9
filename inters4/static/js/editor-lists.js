// Lists as office programs write them. Word and Outlook put each item in a paragraph of its own,
// with its level and its marker; Word for the Web puts it in a list of its own. All become nested
// lists again.
const LEVEL = /mso-list:\s*(?!none|ignore)[^;"']*?level(\d+)/i;
const IGNORED = /mso-list:\s*ignore/i;
const ORDERED = /^\(?(?:(\d+)|[a-z]|[ivxlc]+)[.)]/i;
const BULLET = /^[•·▪◦●■‣]\s+/;

const css = (node) => node.getAttribute("data-css") ?? "";
const isBlank = (node) => !node.textContent.trim();

function marker(paragraph) {
  const found = [...paragraph.querySelectorAll("[data-css]")].find((node) => IGNORED.test(css(node)));
  const text = found?.textContent.trim() ?? "";
  found?.remove();
  return text;
}

// {level, ordered, start} of a paragraph that is an item, else null.
function asItem(node) {
  if (!/^(P|DIV)$/.test(node.tagName)) return null;
  const level = LEVEL.exec(css(node));
  if (level) {
    const ordered = ORDERED.exec(marker(node));
    return { node, level: Number(level[1]), ordered: Boolean(ordered), start: ordered?.[1] };
  }
  const first = node.firstChild;
  if (first?.nodeType === Node.TEXT_NODE && BULLET.test(first.data.trimStart())) {
    first.data = first.data.trimStart().replace(BULLET, "");
    return { node, level: 1, ordered: false };
  }
  return null;
}

// The items of a list of Word for the Web, else an empty array.
function webItems(node) {
  if (!/^(UL|OL)$/.test(node.tagName) || !node.querySelector(":scope > li[data-aria-level]")) return [];
  return [...node.children].map((item, place) => ({
    node: item,
    level: Number(item.dataset.ariaLevel) || 1,
    ordered: node.tagName === "OL",
    start: place ? undefined : (node.getAttribute("start") ?? undefined),
  }));
}

function itemsOf(node) {
  const item = asItem(node);
  return item ? [item] : webItems(node);
}

// Items one after the other -> lists, nested by level; a change of marker starts another list.
function build(items, document) {
  const roots = [];
  const open = []; // {level, list}, outermost first
  for (const { node, level, ordered, start } of items) {
    while (open.length && open.at(-1).level > level) open.pop();
    const tag = ordered ? "OL" : "UL";
    if (open.length && open.at(-1).level === level && open.at(-1).list.tagName !== tag) open.pop();
    if (!open.length || open.at(-1).level < level) {
      const list = document.createElement(tag);
      if (ordered && start && start !== "1") list.setAttribute("start", start);
      if (open.length) open.at(-1).list.lastElementChild.append(list);
      else roots.push(list);
      open.push({ level, list });
    }
    const item = document.createElement("li");
    item.append(...node.childNodes);
    open.at(-1).list.append(item);
  }
  return roots;
}

export function nestLists(document) {
  for (const wrapper of document.querySelectorAll("div.ListContainerWrapper, div.OutlineElement")) {
    wrapper.replaceWith(...wrapper.childNodes);
  }
  for (const node of document.querySelectorAll("p, div, ul, ol")) {
    if (!node.isConnected || node.closest("li")) continue;
    const items = itemsOf(node);
    if (!items.length) continue;
    const spent = [node];
    for (let next = node.nextElementSibling; next; next = next.nextElementSibling) {
      const more = itemsOf(next);
      if (more.length) items.push(...more);
      else if (!isBlank(next)) break;
      spent.push(next);
    }
    node.before(...build(items, document));
    for (const one of spent) one.remove();
  }
  tidy(document);
}

// A list may only hold items, and an item of one paragraph is a line.
function tidy(document) {
  for (const list of document.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol")) {
    const before = list.previousElementSibling;
    if (before?.tagName === "LI") before.append(list);
  }
  for (const item of document.querySelectorAll("li")) {
    for (const mark of item.querySelectorAll("[data-css]")) if (IGNORED.test(css(mark))) mark.remove();
    const paragraphs = item.querySelectorAll(":scope > p");
    if (paragraphs.length === 1) paragraphs[0].replaceWith(...paragraphs[0].childNodes);
  }
}
