// A long form kept while one writes, seconds after the last key; the button « Garder » does the
// same without this file. The server says what it kept, so that an older tab erases nothing.
const form = document.querySelector("form[data-draft]");
const status = form?.querySelector("[data-draft-status]");
let waiting = 0;
let underway = null;
let isSending = false;
let isOvertaken = false;

const send = async () => {
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    isOvertaken = answer.status === 409;
    if (answer.headers.has("Vu") && form.elements.vu) form.elements.vu.value = answer.headers.get("Vu");
    const failed = isOvertaken ? form.dataset.overtaken : form.dataset.failed;
    status.textContent = answer.status === 204 ? form.dataset.kept : failed;
  } catch {
    status.textContent = form.dataset.failed;
  }
};

const keep = async () => {
  if (isSending || isOvertaken) return;
  if (underway) {
    keepSoon();
    return;
  }
  underway = send();
  await underway;
  underway = null;
};

const keepSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 2000);
};

form?.addEventListener("input", keepSoon);
// What was typed while this file was on its way is kept too.
const isChanged = (control) => "defaultValue" in control && control.value !== control.defaultValue;
if (form && [...form.elements].some(isChanged)) keepSoon();
form?.addEventListener("submit", async (event) => {
  isSending = true;
  clearTimeout(waiting);
  if (!underway) return;
  const { submitter } = event;
  event.preventDefault();
  await underway;
  underway = null;
  form.requestSubmit(submitter);
});
