// What was copied from Word, Outlook, LibreOffice or a page, brought back to plain structure:
// headings, paragraphs, emphasis, lists, tables, links. It works on a document that is never shown.
import { nestLists } from "./editor-lists.js";

const REMOVED =
  "style, script, meta, link, title, xml, template, noscript, iframe, object, embed, svg, math, canvas, " +
  "video, audio, img, picture, button, input, select, textarea, o\\:p:empty";
const UP = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹", "-": "⁻", "+": "⁺", n: "ⁿ" };
const DOWN = { 0: "₀", 1: "₁", 2: "₂", 3: "₃", 4: "₄", 5: "₅", 6: "₆", 7: "₇", 8: "₈", 9: "₉", "-": "₋", "+": "₊" };

const css = (node) => node.getAttribute("data-css") ?? "";
const all = (root, selector) => [...root.querySelectorAll(selector)];
const unwrap = (node) => node.replaceWith(...node.childNodes);

function rename(node, tag) {
  const renamed = node.ownerDocument.createElement(tag);
  renamed.append(...node.childNodes);
  node.replaceWith(renamed);
  return renamed;
}

function removeComments(document) {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.remove();
}

function tidyText(document) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest("pre")) {
      node.data = node.data
        .replace(/[\u00ad\u200b\u2060\ufeff]/g, "")
        .replace(/[ \t\r\n]*\u00a0[ \u00a0\t\r\n]+|[ \t\r\n]+\u00a0/g, " ");
    }
  }
}

function headings(document) {
  for (const node of all(document, "p.MsoTitle")) rename(node, "h1");
  for (const node of all(document, "p.MsoSubtitle")) rename(node, "h2");
  for (const node of all(document, "[role=heading][aria-level]")) {
    const level = Math.min(6, Math.max(1, Number(node.getAttribute("aria-level")) || 2));
    if (!/^H[1-6]$/.test(node.tagName)) rename(node, `h${level}`);
  }
}

// Bold and italics, said by an element or by a style, in one way.
function emphasis(document) {
  for (const node of all(document, "b, strong, i, em, s, strike, del, span, font")) {
    const style = css(node);
    const weight = /(?:^|;)\s*font-weight:\s*(\w+)/i.exec(style)?.[1];
    const isHeavy = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
    const isItalic = /(?:^|;)\s*font-style:\s*italic/i.test(style);
    const isStruck = /(?:^|;)\s*text-decoration[^;]*line-through/i.test(style);
    const tags = [];
    if (/^(B|STRONG)$/.test(node.tagName) ? !weight || isHeavy : isHeavy) tags.push("strong");
    if (/^(I|EM)$/.test(node.tagName) ? !/(?:^|;)\s*font-style:\s*normal/i.test(style) : isItalic) tags.push("em");
    if (/^(S|STRIKE|DEL)$/.test(node.tagName) || isStruck) tags.push("del");
    let target = node;
    for (const tag of tags.slice(1)) {
      const inner = document.createElement(tag);
      inner.append(...target.childNodes);
      target.append(inner);
    }
    if (tags.length) target = rename(node, tags[0]);
    else unwrap(node);
  }
  for (const node of all(document, ":is(h1, h2, h3, h4, h5, h6, th) strong, strong strong, em em")) unwrap(node);
  for (const node of all(document, "strong, em, del")) {
    if (!node.textContent.trim()) unwrap(node);
  }
  document.normalize();
  for (const node of all(document, "strong, em, del")) merge(node);
}

// Word cuts one bold sentence into many bold runs.
function merge(node) {
  for (let next = node.nextSibling; next; next = node.nextSibling) {
    const gap = next.nodeType === Node.TEXT_NODE && !next.data.trim() ? next : null;
    const other = gap ? gap.nextSibling : next;
    if (other?.nodeName !== node.nodeName) return;
    node.append(...(gap ? [gap] : []), ...other.childNodes);
    other.remove();
  }
}

function raised(document) {
  for (const [tag, signs] of [["sup", UP], ["sub", DOWN]]) {
    for (const node of all(document, tag)) {
      const text = node.textContent;
      if (!node.querySelector("a") && [...text].every((sign) => sign in signs)) {
        node.textContent = [...text].map((sign) => signs[sign]).join("");
      }
      unwrap(node);
    }
  }
}

// Where a link really leads: mail filters wrap addresses in one of theirs.
function address(href) {
  let url;
  try {
    url = new URL(href);
  } catch {
    return "";
  }
  if (url.hostname.endsWith(".safelinks.protection.outlook.com")) {
    return address(url.searchParams.get("url") ?? "");
  }
  return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : "";
}

function links(document) {
  for (const node of all(document, "a")) {
    const target = address(node.getAttribute("href") ?? "");
    if (target && node.textContent.trim()) {
      node.setAttribute("href", target);
      node.removeAttribute("title");
      if (node.querySelector("p, div, h1, h2, h3, h4, h5, h6, li")) unwrap(node);
    } else unwrap(node);
  }
}

// Tables that only place things on a page are taken apart; the others are made regular.
function tables(document) {
  for (const table of all(document, "table").reverse()) {
    const rows = all(table, "tr");
    const isLayout =
      table.querySelector("table") ||
      table.getAttribute("role") === "presentation" ||
      rows.every((row) => row.cells.length < 2);
    if (isLayout) {
      table.replaceWith(...rows.flatMap((row) => [...row.cells]).map((cell) => rename(cell, "div")));
    } else regular(table, rows, document);
  }
}

function regular(table, rows, document) {
  const grid = rows.map(() => []);
  rows.forEach((row, y) => {
    let x = 0;
    for (const cell of [...row.cells]) {
      while (grid[y][x]) x += 1;
      const wide = Math.min(cell.colSpan, 50);
      const high = Math.min(cell.rowSpan, rows.length - y);
      for (let down = 0; down < high; down += 1) {
        for (let right = 0; right < wide; right += 1) grid[y + down][x + right] = document.createElement("td");
      }
      const lines = all(cell, "li").map((item) => item.textContent.trim());
      for (const list of all(cell, "ul, ol")) {
        if (list.isConnected) list.replaceWith(document.createTextNode(lines.splice(0).join("; ")));
      }
      grid[y][x].append(...cell.childNodes);
      // a heading over several columns names each of them
      if (y === 0) for (let right = 1; right < wide; right += 1) grid[0][x + right].textContent = grid[0][x].textContent;
      x += wide;
    }
  });
  const isFull = (cell) => cell?.textContent.trim();
  const kept = grid.filter((row) => row.some(isFull));
  const width = Math.max(0, ...kept.map((row) => row.length));
  const columns = [...Array(width).keys()].filter((x) => kept.some((row) => isFull(row[x])));
  const body = document.createElement("tbody");
  for (const row of kept) {
    const line = document.createElement("tr");
    line.append(...columns.map((x) => row[x] ?? document.createElement("td")));
    body.append(line);
  }
  for (const node of all(body, "tr:first-child strong")) unwrap(node);
  const caption = table.querySelector("caption");
  if (caption) table.before(rename(caption, "p"));
  table.replaceChildren(body);
}

export function clean(document) {
  removeComments(document);
  for (const node of all(document, REMOVED)) node.remove();
  for (const node of all(document, "[data-css]")) {
    if (/display:\s*none|mso-hide:\s*all/i.test(css(node))) node.remove();
  }
  for (const node of all(document, "o\\:p, u, center, form, label")) unwrap(node);
  headings(document);
  nestLists(document);
  emphasis(document);
  raised(document);
  links(document);
  tables(document);
  tidyText(document);
  for (const node of all(document, "p, h1, h2, h3, h4, h5, h6, li, blockquote")) {
    if (!node.textContent.trim() && !node.querySelector("table")) node.remove();
  }
}
