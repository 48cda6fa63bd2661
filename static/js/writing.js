// Help for those who write: space left, a warning before unsaved text is lost, and a toolbar for Markdown.
const phrases = document.getElementById("phrases")?.dataset ?? {};

function countSpace(line) {
  const field = document.getElementById(line.dataset.counterFor);
  const limit = Number(line.dataset.limit);
  if (!field || !limit) return;
  const spoken = document.createElement("span");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  line.after(spoken);
  let timer = 0;
  const update = () => {
    // The server counts characters, not UTF-16 units.
    const left = limit - [...field.value].length;
    line.classList.toggle("is-over", left < 0);
    line.textContent = phrase(left < 0 ? "over" : "left", Math.abs(left));
    clearTimeout(timer);
    // Told aloud when writing pauses and the space is about to end.
    timer = setTimeout(() => { spoken.textContent = left < limit * 0.1 ? line.textContent : ""; }, 1000);
  };
  field.addEventListener("input", update);
  update();
}

function phrase(kind, count) {
  return count === 1 ? phrases[`${kind}One`] : phrases[`${kind}Many`].replace("{count}", count);
}

function guard(form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  form.addEventListener("tori:saved", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

const TOOLS = [
  ["bold", "bold", (area) => wrap(area, "**", "**", phrases.bold.toLowerCase())],
  ["heading", "h-2", (area) => prefix(area, () => "## ")],
  ["list", "list", (area) => prefix(area, () => "- ")],
  ["numbered", "list-numbers", (area) => prefix(area, (index) => `${index + 1}. `)],
  ["link", "link", (area) => wrap(area, "[", "](https://)", phrases.linkText)],
  ["quote", "quote", (area) => prefix(area, () => "> ")],
  ["table", "table", (area) => insertBlock(area, `| ${phrases.column} 1 | ${phrases.column} 2 |\n| --- | --- |\n|  |  |`)],
];

function addToolbar(area) {
  const bar = document.createElement("div");
  bar.className = "toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", `${phrases.formatting}: ${area.labels?.[0]?.firstChild.textContent.trim() ?? ""}`);
  bar.setAttribute("aria-controls", area.id);
  const buttons = TOOLS.map(([name, icon, act], index) => {
    const button = toolButton(phrases[name], icon);
    button.tabIndex = index === 0 ? 0 : -1;
    button.addEventListener("click", () => act(area));
    return button;
  });
  bar.append(...buttons);
  bar.addEventListener("keydown", (event) => rove(event, buttons));
  area.before(bar);
}

function toolButton(label, icon) {
  const space = "http://www.w3.org/2000/svg";
  const button = document.createElement("button");
  const drawing = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${phrases.icons}#${icon}`);
  drawing.append(use);
  button.append(drawing);
  return button;
}

function rove(event, buttons) {
  const here = buttons.indexOf(document.activeElement);
  const last = buttons.length - 1;
  const places = { ArrowRight: here === last ? 0 : here + 1, ArrowLeft: here === 0 ? last : here - 1, Home: 0, End: last };
  const next = places[event.key];
  if (next === undefined || here < 0) return;
  event.preventDefault();
  buttons[here].tabIndex = -1;
  buttons[next].tabIndex = 0;
  buttons[next].focus();
}

function wrap(area, before, after, placeholder) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end) || placeholder;
  write(area, start, end, before + chosen + after);
  area.setSelectionRange(start + before.length, start + before.length + chosen.length);
}

function prefix(area, mark) {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const stop = value.indexOf("\n", selectionEnd);
  const end = stop < 0 ? value.length : stop;
  const lines = value.slice(start, end).split("\n").map((line, index) => mark(index) + line).join("\n");
  write(area, start, end, lines);
  area.setSelectionRange(start + lines.length, start + lines.length);
}

function insertBlock(area, text) {
  const { selectionEnd, value } = area;
  const before = value.slice(0, selectionEnd).replace(/\s+$/, "");
  write(area, before.length, selectionEnd, `${before ? "\n\n" : ""}${text}\n\n`);
}

// Formatted text of Word or a web page becomes Markdown; plain text is pasted as it is.
const FORMATTED = /<(h[1-6]|li|table|a|strong|b|em|i|blockquote)[\s>]|mso-list|font-weight:\s?(bold|[6-9]00)/i;

async function paste(event) {
  const area = event.target;
  const html = event.clipboardData?.getData("text/html") ?? "";
  if (!FORMATTED.test(html)) return;
  event.preventDefault();
  const plain = event.clipboardData.getData("text/plain");
  const { selectionStart, selectionEnd } = area;
  let text = plain;
  try {
    const { toMarkdown } = await import(phrases.paste);
    text = toMarkdown(html) || plain;
  } catch {
    // The plain text is better than nothing.
  }
  write(area, selectionStart, selectionEnd, text);
}

// insertText keeps the browser's own undo; setRangeText is for those without it.
function write(area, start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand?.("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

for (const line of document.querySelectorAll("[data-counter-for]")) countSpace(line);
for (const form of document.querySelectorAll("form[data-warn-unsaved]")) guard(form);
for (const area of document.querySelectorAll("textarea[data-markdown]")) {
  addToolbar(area);
  area.addEventListener("paste", paste);
}
