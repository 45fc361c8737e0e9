// The composer of an issue: items are put in order by hand, the message follows what is saved.
// The buttons « Monter » and « Descendre » do the same without this file.
const frame = document.querySelector("[data-message]");
const saved = document.querySelector("[data-saved]");
const list = document.querySelector("[data-items]");
const order = document.querySelector("[data-order]");

// ---- the message ----
new MutationObserver(() => {
  if (saved.textContent) frame.src = frame.getAttribute("src");
}).observe(saved, { childList: true });

// ---- what was just added or moved ----
const placed = document.querySelector("[data-placed]");
if (placed) {
  const card = placed.closest("[data-item]");
  const first = ".control input:not([type=hidden]), .control textarea";
  (card.querySelector("[autofocus]") ?? card.querySelector(first))?.focus();
  history.replaceState(history.state, "", location.pathname + location.hash);
  // A line that stands in the page as it loads is not spoken: it is written again.
  const said = placed.textContent;
  placed.textContent = "";
  setTimeout(() => (placed.textContent = said), 200);
}

// ---- the order ----
let moving = null;

const ids = () => [...list.querySelectorAll("[data-item]")].map((item) => item.dataset.item);

for (const grip of list?.querySelectorAll(".item-grip") ?? []) {
  const item = grip.closest("[data-item]");
  grip.draggable = true;
  grip.addEventListener("dragstart", (event) => {
    moving = { item, before: ids().join(",") };
    item.classList.add("item-moving");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(item, 20, 20);
  });
  grip.addEventListener("dragend", () => {
    item.classList.remove("item-moving");
    const after = ids().join(",");
    const isMoved = moving.before !== after;
    moving = null;
    if (!isMoved) return;
    order.value = `ordre:${after}`;
    order.hidden = false;
    order.form.requestSubmit(order);
  });
}

list?.addEventListener("dragover", (event) => {
  if (!moving) return;
  event.preventDefault();
  const over = event.target.closest("[data-item]");
  if (!over || over === moving.item) return;
  const { top, height } = over.getBoundingClientRect();
  if (event.clientY > top + height / 2) over.after(moving.item);
  else over.before(moving.item);
});
