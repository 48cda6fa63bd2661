// A shared tablet: an untouched form asks whether somebody is still there, and is emptied when nobody answers.
const form = document.querySelector("form[data-stand]");

if (form) {
  const asks = form.querySelector("[data-stand-asks]");
  const second = 1000;
  let timer;

  const isEmpty = () =>
    [...new FormData(form)].every(([, value]) => typeof value !== "string" || !value.trim()) &&
    !document.getElementById("error-summary");

  const wait = () => {
    clearTimeout(timer);
    asks.hidden = true;
    timer = setTimeout(ask, form.dataset.idle * second);
  };

  const ask = () => {
    if (isEmpty()) return wait();
    asks.hidden = false;
    asks.scrollIntoView({ block: "center" });
    timer = setTimeout(() => {
      form.reset();
      location.replace(form.action);
    }, form.dataset.warned * second);
  };

  for (const kind of ["input", "pointerdown", "keydown"]) document.addEventListener(kind, wait);
  asks.querySelector("[data-stand-stays]").addEventListener("click", wait);
  // A page that the back button brings out of the memory begins empty.
  addEventListener("pageshow", (event) => event.persisted && location.replace(form.action));
  wait();
}
