// After the filters have changed the list, its new count is said aloud.
document.addEventListener("htmx:after:swap", () => {
  const status = document.getElementById("status");
  const count = document.getElementById("result-count");
  if (status && count) status.textContent = count.textContent.trim();
});

// A tick for comparing stands among the results but is no filter: the results must not be asked for anew.
document.addEventListener("change", (event) => {
  if (event.target.matches("input[form='compare']")) event.stopPropagation();
}, true);
