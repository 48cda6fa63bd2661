// Copies a ready text; where the browser forbids it, chooses the text so that a person can.
const frame = document.getElementById("share-texts");

frame?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-from]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copyFrom);
  const said = button.parentElement.querySelector(".copy-said");
  try {
    await navigator.clipboard.writeText(source.value);
    said.textContent = frame.dataset.copied;
  } catch {
    source.focus();
    source.select();
    said.textContent = frame.dataset.copyFailed;
  }
});
