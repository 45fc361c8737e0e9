// A long form kept while one writes, seconds after the last key; the button « Garder » does the
// same without this file.
const form = document.querySelector("form[data-draft]");
const status = form?.querySelector("[data-draft-status]");
let waiting = 0;
let isSending = false;

const keep = async () => {
  if (isSending) return;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    status.textContent = answer.status === 204 ? form.dataset.kept : form.dataset.failed;
  } catch {
    status.textContent = form.dataset.failed;
  }
};

const keepSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 2000);
};

form?.addEventListener("input", keepSoon);
// What was typed while this file was on its way is kept too.
const isChanged = (control) => "defaultValue" in control && control.value !== control.defaultValue;
if (form && [...form.elements].some(isChanged)) keepSoon();
form?.addEventListener("submit", () => {
  isSending = true;
  clearTimeout(waiting);
});
