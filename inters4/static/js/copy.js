// A button that copies the text of another element, and says so.
const copyText = async (source) => {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    // without TLS there is no clipboard: the text is selected, and the old way is tried
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
  return true;
};

const showDone = (label) => {
  if (!label || label.textContent === label.dataset.copied) return;
  const before = label.textContent;
  label.textContent = label.dataset.copied;
  setTimeout(() => (label.textContent = before), 2500);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  const source = button && document.getElementById(button.dataset.copies);
  if (source && (await copyText(source))) {
    document.getElementById("live").textContent = button.dataset.done;
    showDone(button.querySelector("[data-copied]"));
  }
});
