// An alert pasted from a mailbox keeps its links: the text area would keep only their words. Each
// link of the HTML that was copied becomes a line « title <address> »; what has no link stays text.
const LARGEST = 4_000_000;
const LONG = 20_000;
const SHORTEST_TITLE = 15; // as the server has it

// Nothing runs in a document that is only parsed.
function linesOf(html) {
  if (html.length > LARGEST) return [];
  const plain = html.replace(/<(style|script)[\s\S]*?<\/\1\s*>/gi, "").replace(/\s(?:style|on\w+)\s*=/gi, " data-was=");
  const links = [...new DOMParser().parseFromString(plain, "text/html").querySelectorAll("a[href]")]
    .map((link) => [link.textContent.replace(/\s+/g, " ").trim(), link.getAttribute("href").trim()])
    .filter(([words, address]) => words && /^https?:\/\/[^\s<>]+$/i.test(address));
  if (!links.some(([words]) => words.length >= SHORTEST_TITLE)) return []; // titles are elsewhere
  return [...new Set(links.map(([words, address]) => (words === address ? address : `${words} <${address}>`)))];
}

for (const field of document.querySelectorAll("[data-alert] textarea")) {
  field.addEventListener("paste", (event) => {
    const lines = linesOf(event.clipboardData?.getData("text/html") ?? "");
    if (!lines.length) return;
    event.preventDefault();
    const before = field.value.slice(0, field.selectionStart);
    const text = `${before && !before.endsWith("\n") ? "\n" : ""}${lines.join("\n")}\n`;
    if (text.length >= LONG || !document.execCommand("insertText", false, text)) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    document.getElementById("live").textContent = field.closest("[data-alert]").dataset.pasted;
  });
}
