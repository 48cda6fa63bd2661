// After the filters have changed the list, its new count is said aloud.
document.addEventListener("htmx:after:swap", () => {
  const status = document.getElementById("status");
  const count = document.getElementById("result-count");
  if (status && count) status.textContent = count.textContent.trim();
});
