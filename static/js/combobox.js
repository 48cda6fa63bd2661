// Suggestions for a search field marked data-combobox="/address": ARIA 1.2 combobox with a list, focus stays in the field.
// The address answers ?q= with {"items": [{"text", "kind": "deed|theme|organisation|query", "url"}]}.
const ICONS = { deed: "file-text", theme: "list", organisation: "building-community", query: "search" };
const DELAY_MS = 160;
const SHORTEST = 2;
const phrases = document.getElementById("phrases")?.dataset ?? {};
let count = 0;

for (const field of document.querySelectorAll("input[data-combobox]")) attach(field);

function attach(field) {
  const list = document.createElement("ul");
  const status = document.createElement("div");
  let request = null;
  let timer = 0;
  let asked = "";
  let current = -1;
  let items = [];

  count += 1;
  list.id = `suggestions-${count}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() ?? "");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  field.after(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", autocomplete: "off",
  })) field.setAttribute(name, value);

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, DELAY_MS); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", onKey);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose([...list.children].indexOf(option));
  });

  async function ask() {
    const words = field.value.trim();
    if (words.length < SHORTEST) { asked = ""; close(); return; }
    if (words === asked && items.length) { open(); return; }
    request?.abort();
    request = new AbortController();
    const address = new URL(field.dataset.combobox, location.href);
    address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      asked = words;
      show(await answer.json());
    } catch (problem) {
      // Suggestions only help; without them the search works as before.
      if (problem.name !== "AbortError") close();
    }
  }

  function show(answer) {
    items = answer.items ?? [];
    list.replaceChildren(...items.map(option));
    if (document.activeElement === field && items.length) open(); else close();
    status.textContent = items.length === 0 ? phrases.suggestionsNone
      : items.length === 1 ? phrases.suggestionsOne
        : phrases.suggestionsMany.replace("{count}", items.length);
  }

  function option(item, index) {
    const line = document.createElement("li");
    line.id = `${list.id}-${index}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    const words = document.createElement("span");
    words.textContent = item.text;
    line.append(picture(ICONS[item.kind] ?? "search"), words);
    return line;
  }

  function picture(name) {
    const space = "http://www.w3.org/2000/svg";
    const icon = document.createElementNS(space, "svg");
    const use = document.createElementNS(space, "use");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${phrases.icons}#${name}`);
    icon.append(use);
    return icon;
  }

  function onKey(event) {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); return; }
    if (event.key === "Enter" && !list.hidden && current >= 0) { event.preventDefault(); choose(current); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (list.hidden && items.length && field.value.trim() === asked) open();
    if (list.hidden) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    // One place before the first stands for the field itself.
    mark((current + 1 + step + items.length + 1) % (items.length + 1) - 1);
  }

  function mark(index) {
    list.children[current]?.setAttribute("aria-selected", "false");
    current = index;
    const line = list.children[current];
    if (!line) { field.removeAttribute("aria-activedescendant"); return; }
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", line.id);
  }

  function choose(index) {
    const item = items[index];
    close();
    if (item.url) {
      // The interface gives full addresses; the reader stays on the host that was opened.
      const target = new URL(item.url, location.href);
      location.assign(target.pathname + target.search);
      return;
    }
    field.value = item.text;
    asked = field.value.trim();
    if (field.form?.matches("[role=search]")) field.form.requestSubmit();
    else field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function open() { list.hidden = false; field.setAttribute("aria-expanded", "true"); }
  function close() { mark(-1); list.hidden = true; field.setAttribute("aria-expanded", "false"); }
}
