// What every page needs: menus that close, links that copy, focus on errors, selects that submit.
const phrases = document.getElementById("phrases")?.dataset ?? {};
document.documentElement.classList.add("js");

function announce(text) {
  const status = document.getElementById("status");
  if (!status) return;
  status.textContent = "";
  // A change within the same task would not be read aloud.
  setTimeout(() => { status.textContent = text; }, 50);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]")));

document.addEventListener("click", async (event) => {
  const source = event.target.closest("[data-copy]");
  if (!source) return;
  event.preventDefault();
  const link = new URL(source.dataset.copy, location.href).href;
  try {
    await navigator.clipboard.writeText(link);
    source.dataset.done = "";
    announce(phrases.copied);
    showBeside(source, phrases.copied);
  } catch {
    showBeside(source, phrases.copyFailed.replace("{link}", link));
  }
});

function showBeside(source, text) {
  const line = source.parentElement.querySelector(".copy-result") ?? document.createElement("span");
  line.className = "copy-result small muted";
  line.textContent = text;
  source.after(line);
  setTimeout(() => line.remove(), 8000);
}

// A link of the error summary leads to a field, or to a group: then to its first control.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
  (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
  control?.focus({ preventScroll: true });
});
document.querySelector("[data-focus]")?.focus();
placeNotices(document.querySelector("main > .container > .notices"));

// What the page has to say of a sent form is read where it opens: beside the target of the address. Without this script
// it stays in sight at the upper edge (components.css).
function placeNotices(said) {
  if (!said) return;
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches("li, tr")) (target.cells?.[0] ?? target).prepend(said);
  else target?.before(said);
  said.tabIndex = -1;
  // Going to the target takes the focus away again, so this waits for it.
  addEventListener("load", () => requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    said.focus();
    if (target) said.scrollIntoView();
  }));
}

document.addEventListener("change", (event) => {
  const form = event.target.matches("[data-submit-on-change]") ? event.target.form : null;
  // A form that htmx sends by itself must not be sent twice: Back would lead to the same page first.
  if (form && !(window.htmx && form.hasAttribute("hx-get"))) form.requestSubmit();
});

for (const frame of document.querySelectorAll("[data-drop]")) {
  const input = frame.querySelector("input[type=file]");
  frame.addEventListener("dragover", (event) => { event.preventDefault(); frame.classList.add("is-over"); });
  frame.addEventListener("dragleave", () => frame.classList.remove("is-over"));
  frame.addEventListener("drop", (event) => {
    event.preventDefault();
    frame.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
