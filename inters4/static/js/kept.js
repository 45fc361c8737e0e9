// A short form kept in the browser while one writes it: leaving the page loses nothing. The server
// has it once the form is sent; without this file, the form works the same.
const form = document.querySelector("form[data-kept-as]");
const name = `kept:${form.dataset.keptAs}`;
const SENT = "sent";
const fields = [...form.querySelectorAll("input[type=text], textarea")];
const isEmpty = fields.every((field) => !field.value);

try {
  const found = sessionStorage.getItem(name);
  if (!isEmpty || found === SENT) {
    sessionStorage.removeItem(name);
  } else if (found) {
    const typed = JSON.parse(found);
    for (const field of fields) field.value = typed[field.name] ?? "";
    form.querySelector("[data-kept-status]").textContent = form.dataset.restored;
  }
} catch (error) {
  console.info("not kept in the browser", error);
}

form.addEventListener("input", () => {
  try {
    const typed = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    sessionStorage.setItem(name, JSON.stringify(typed));
  } catch (error) {
    console.info("not kept in the browser", error);
  }
});
// A form that is refused comes back filled; one that is accepted does not come back.
form.addEventListener("submit", () => sessionStorage.setItem(name, SENT));
