// « Garder » answers in place: the button turns, the menu counts, a sentence is said. Pressing it
// again undoes. Whatever goes wrong, the form is sent as it would be without this file.
const form = document.querySelector("[data-keep-form]");

const turn = (button) => {
  button.name = button.name === "garder" ? "retirer" : "garder";
};

const send = async (button) => {
  const body = new FormData(form);
  body.set(button.name, button.value);
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(body),
    headers: { Accept: "application/json" },
  });
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) {
    throw new Error(String(answer.status));
  }
  return answer.json();
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-keep]");
  if (!button || !form || button.form !== form) return;
  event.preventDefault();
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  try {
    const { title, said } = await send(button);
    for (const same of document.querySelectorAll("button[data-keep]")) {
      if (same.value === button.value) turn(same);
    }
    for (const link of document.querySelectorAll(".site-nav a")) {
      if (new URL(link.href).pathname === new URL(form.action).pathname) link.textContent = title;
    }
    const live = document.getElementById("live");
    if (live) live.textContent = said;
    button.ariaDisabled = null;
  } catch {
    button.ariaDisabled = null;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    form.append(field);
    form.submit();
  }
});
