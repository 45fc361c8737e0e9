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

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  const source = button && document.getElementById(button.dataset.copies);
  if (source && (await copyText(source))) {
    document.getElementById("live").textContent = button.dataset.done;
    button.classList.add("is-done");
    setTimeout(() => button.classList.remove("is-done"), 2000);
  }
});
