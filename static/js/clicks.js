// Tells which hit of a search was opened, without cookies, so that the search can be made better. Nothing waits for it.
document.addEventListener("click", (event) => {
  const results = document.getElementById("results");
  const link = event.target.closest?.(".row-title a");
  if (!results?.dataset.clicks || !link || !results.contains(link)) return;
  const links = [...results.querySelectorAll("[data-hits] .row-title a")];
  const place = links.indexOf(link);
  if (place < 0) return;
  const body = new URLSearchParams({ haku: results.dataset.search, sija: Number(results.dataset.before) + place + 1 });
  fetch(results.dataset.clicks, { method: "POST", body, credentials: "omit", keepalive: true }).catch(() => {});
});
