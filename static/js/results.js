// On a phone the filters are folded in the results that come anew: who ticks one goes on where they were.
let ticked = null;
document.addEventListener("change", (event) => {
  const fold = event.target.closest("#filters .filters-fold");
  if (fold) ticked = { open: fold.open, name: event.target.name, value: event.target.value };
});

// After the filters have changed the list, its new count is said aloud.
document.addEventListener("htmx:after:swap", () => {
  const fold = document.querySelector("#filters .filters-fold");
  if (fold && ticked?.open) {
    fold.open = true;
    const box = [...fold.querySelectorAll("input")].find((one) => one.name === ticked.name && one.value === ticked.value);
    box?.focus({ preventScroll: true });
  }
  ticked = null;
  const status = document.getElementById("status");
  const count = document.getElementById("result-count");
  if (status && count) status.textContent = count.textContent.trim();
});

// A tick for comparing stands among the results but is no filter: the results must not be asked for anew.
document.addEventListener("change", (event) => {
  if (event.target.matches("input[form='compare']")) event.stopPropagation();
}, true);
