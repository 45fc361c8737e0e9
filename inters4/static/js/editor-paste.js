// HTML of the clipboard -> Markdown. Loaded when someone first writes in a rich field.
import TurndownService from "../vendor/turndown.min.js";
import { clean } from "./editor-clean.js";

const STRUCTURE = "h1, h2, h3, h4, h5, h6, li, table, a[href], strong, em, del, blockquote, pre, code, hr";
const LARGEST = 4_000_000;

const service = new TurndownService({
  headingStyle: "atx",
  bulletListMarker: "-",
  codeBlockStyle: "fenced",
  emDelimiter: "*", // unlike _, it works inside a word
  hr: "---",
  blankReplacement: (_content, node) => (node.nodeName === "TD" ? "  |" : node.isBlock ? "\n\n" : ""),
});

service.addRule("struck", { filter: "del", replacement: (content) => `~~${content}~~` });
service.addRule("address", {
  filter: (node) => node.nodeName === "A" && node.href === node.textContent.trim(),
  replacement: (_content, node) => `<${node.href}>`,
});
service.addRule("cell", {
  filter: "td",
  replacement: (content) => ` ${content.trim().replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|")} |`,
});
service.addRule("row", {
  filter: "tr",
  replacement: (content, node) => {
    const rule = node.previousElementSibling ? "" : `\n|${" --- |".repeat(node.cells.length)}`;
    return `|${content}${rule}\n`;
  },
});
service.addRule("body", { filter: "tbody", replacement: (content) => content });
service.addRule("table", { filter: "table", replacement: (content) => `\n\n${content}\n\n` });

// Styles are read, never applied, and nothing runs here; under their own names, the policy of our
// pages would complain.
function inert(html) {
  return html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-css=").replace(/\son\w+\s*=/gi, " data-event="));
}

// Markdown for what was copied, or null when its plain text says as much.
export function toMarkdown(html) {
  if (html.length > LARGEST) return null;
  const document = new DOMParser().parseFromString(inert(html), "text/html");
  const first = document.body.querySelector("[data-css]");
  if (first && /white-space:\s*pre\b/.test(first.getAttribute("data-css"))) return null; // a code editor
  clean(document);
  const blocks = document.body.querySelectorAll("p, div, br").length;
  if (blocks < 2 && !document.body.querySelector(STRUCTURE)) return null;
  return service
    .turndown(document.body)
    .replace(/(\w)\\_(?=\w)/g, "$1_")
    .replace(/[ \u00a0]*\u00a0[ \u00a0]*$/gm, "")
    .replace(/\n[ \t]*(?:\n[ \t]*){2,}/g, "\n\n")
    .trim();
}
