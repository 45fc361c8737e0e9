// « Envoyer » opens the share sheet of a phone; elsewhere the link opens a message, as it does
// without this file.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-share]");
  if (!link || !navigator.share) return;
  event.preventDefault();
  const { shareTitle: title, shareText: text, shareUrl: url } = link.dataset;
  try {
    await navigator.share({ title, text, url });
  } catch (error) {
    if (error.name !== "AbortError") window.location.assign(link.href);
  }
});
