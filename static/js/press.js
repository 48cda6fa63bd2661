// A form with data-press is sent in the background, and the closest [data-press-target] is replaced with the answered fragment.
// Whatever goes wrong, the form is sent in the ordinary way.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-press]") || form.dataset.plain !== undefined) return;
  const target = form.closest("[data-press-target]");
  if (!target) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const fragment = await send(form, event.submitter);
    replace(target, fragment);
  } catch {
    form.removeAttribute("aria-busy");
    form.dataset.plain = "";
    form.requestSubmit(event.submitter);
  }
});

async function send(form, submitter) {
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, submitter)),
    headers: { "X-Requested-With": "fetch", Accept: "text/html" },
    credentials: "same-origin",
  });
  const isFragment = answer.ok && !answer.redirected && answer.headers.get("Content-Type")?.startsWith("text/html");
  if (!isFragment) throw new Error(`No fragment: ${answer.status}`);
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  if (!template.content.firstElementChild) throw new Error("Empty fragment");
  return template.content;
}

// The pressed button is gone with the old fragment: focus goes to its heir, and what changed is said aloud.
function replace(target, fragment) {
  const said = fragment.querySelector("[data-announce]")?.dataset.announce;
  const heir = fragment.querySelector("[data-press-focus]") ?? fragment.querySelector("button, a[href], summary");
  target.replaceWith(fragment);
  heir?.focus({ preventScroll: true });
  const status = document.getElementById("status");
  if (status) status.textContent = said ?? heir?.textContent.trim() ?? "";
}
