// A form that saves itself while somebody writes, and says truly whether it did.
const PAUSE_MS = 1500;
const RETRY_MS = 10000;
const status = document.getElementById("autosave-status");
const actions = document.getElementById("autosave-actions");
const phrases = document.getElementById("autosave-phrases")?.dataset ?? {};

// Files are sent with the form alone.
function textsOf(form) {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

function keep(form) {
  const data = form.dataset;
  let sequence = Number(data.sequence);
  let changes = 0;
  let timer = 0;
  let sending = false;
  let stopped = false;

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); });
  addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
  addEventListener("online", () => plan(0));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && actions?.dataset.ended !== undefined) plan(0); });
  actions?.querySelector("[data-save-this]")?.addEventListener("click", () => { stopped = false; show("saving"); plan(0); });

  function changed() {
    changes += 1;
    if (data.waiting !== undefined) show("waiting", "error");
    else plan(PAUSE_MS);
  }

  function plan(wait) {
    clearTimeout(timer);
    if (!stopped && changes > 0 && data.waiting === undefined) timer = setTimeout(save, wait);
  }

  async function save() {
    if (sending) { plan(PAUSE_MS); return; }
    sending = true;
    const sent = changes;
    const body = textsOf(form);
    body.set("sequence", sequence + 1);
    body.set("part", data.part);
    try {
      const answer = await fetch(data.autosave, { method: "POST", body, redirect: "manual", credentials: "same-origin",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" } });
      await understand(answer, sent);
    } catch {
      show("offline", "error");
      plan(RETRY_MS);
    } finally {
      sending = false;
    }
  }

  async function understand(answer, sent) {
    if (answer.ok && answer.status === 200) {
      const told = await answer.json();
      sequence = told.sequence;
      show("saved", "success", told.clock);
      if (changes === sent) { changes = 0; form.dispatchEvent(new CustomEvent("tori:saved")); } else plan(PAUSE_MS);
    } else if (answer.status === 409) {
      // Another window has saved newer text; only its writer can say which one counts.
      sequence = (await answer.json()).sequence;
      stopped = true;
      show("older", "error");
    } else if (answer.status === 422) {
      show("refused", "error", "", (await answer.json()).detail);
    } else if ([400, 401, 403].includes(answer.status) || answer.type === "opaqueredirect") {
      await renew();
    } else {
      show("offline", "error");
      plan(RETRY_MS);
    }
  }

  // The session has ended, or the token is that of an earlier one: when the same person is signed in again, go on.
  async function renew() {
    const answer = await fetch(data.token, { redirect: "manual", credentials: "same-origin", cache: "no-store" });
    const told = answer.status === 200 ? await answer.json() : null;
    if (told && String(told.user) === data.user) {
      for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = told.token;
      plan(0);
      return;
    }
    show(told ? "other" : "ended", "error");
    plan(RETRY_MS);
  }

  function show(name, state = "success", time = "", more = "") {
    if (!status) return;
    const words = `${(phrases[name] ?? "").replace("{time}", time)} ${more}`.trim();
    if (status.textContent !== words) status.textContent = words;
    status.dataset.state = state;
    if (!actions) return;
    const offers = { ended: "[data-sign-in]", older: "[data-save-this]" };
    for (const selector of Object.values(offers)) actions.querySelector(selector).hidden = offers[name] !== selector;
    actions.hidden = !(name in offers);
    if (name === "ended" || name === "other") actions.dataset.ended = ""; else delete actions.dataset.ended;
  }
}

// Suggestions come while writing pauses, and a press chooses one without loading the page.
const SUGGEST_MS = 2500;
const SHORTEST = 40;

function suggest(form) {
  const box = form.querySelector("[data-suggestions]");
  if (!box) return;
  let timer = 0;
  let request = null;
  let asked = "";
  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea, #title")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, SUGGEST_MS);
  });

  async function ask() {
    const body = textsOf(form);
    const words = [...form.querySelectorAll("textarea, #title")].map((field) => field.value.trim()).join(" ").trim();
    if (words.length < SHORTEST || words === asked) return;
    asked = words;
    body.set("may_model", box.dataset.mayModel);
    body.set("own", box.dataset.own);
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(box.dataset.suggestions, { method: "POST", body, signal: request.signal, redirect: "manual",
        credentials: "same-origin", headers: { "X-Requested-With": "fetch", Accept: "text/html" } });
      if (answer.status !== 200) return;
      const template = document.createElement("template");
      template.innerHTML = await answer.text();
      box.replaceChildren(template.content);
    } catch {
      // Suggestions only help; the form works without them.
    }
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=choose]");
    if (!button) return;
    const [kind, value] = button.value.split(":");
    const input = form.querySelector(`input[name="${kind === "sector" ? "sector" : "themes"}"][value="${CSS.escape(value)}"]`);
    if (!input) return;
    event.preventDefault();
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.closest("details")?.setAttribute("open", "");
    button.setAttribute("aria-pressed", "true");
  });
}

// The picture of a quick deed is looked at before it is sent: a wrong one is refused at once, a good one is shown.
function lookAt(frame) {
  const input = frame.querySelector("input[type=file]");
  const said = frame.querySelector("[data-picture-said]");
  input.addEventListener("change", () => {
    said.replaceChildren();
    const file = input.files[0];
    if (!file) return;
    const problem = !input.accept.split(",").includes(file.type) ? frame.dataset.wrongType : file.size > Number(frame.dataset.maxBytes) ? frame.dataset.tooLarge : "";
    if (problem) {
      const line = document.createElement("p");
      line.className = "field-error";
      line.textContent = `${frame.dataset.error} ${problem.replace("{name}", file.name)}`;
      said.append(line);
      input.value = "";
      return;
    }
    const picture = document.createElement("img");
    picture.className = "picture-preview";
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    said.append(picture);
  });
}

for (const frame of document.querySelectorAll("[data-quick-picture]")) lookAt(frame);
for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);
for (const form of document.querySelectorAll("#deed-form")) suggest(form);
