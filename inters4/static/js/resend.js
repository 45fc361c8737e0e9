// A form kept by an error page leaves with the token of the session that is open now.
const form = document.querySelector("form[data-renews]");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(form.dataset.renews, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('input[name="csrf_token"]');
    if (token) form.elements.csrf_token.value = token.value;
  } catch {
    // offline: the page that answers offers the form once more
  }
  HTMLFormElement.prototype.submit.call(form); // a field may be called « submit »
});
