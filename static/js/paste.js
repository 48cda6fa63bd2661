// What is pasted from Word, a web page or an online document as clean Markdown. Loaded when somebody pastes such.
import TurndownService from "../vendor/turndown-7.2.5/turndown.browser.es.js";

const GOOD_LINK = /^(https?:|mailto:)/i;
const NUMBERED = /^\s*\(?(\d+|[a-z]|[ivx]+)[.)]/i;

const turndown = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", emDelimiter: "*", hr: "---" });
turndown.remove(["style", "script", "head", "title", "meta", "svg", "button", "input", "select", "textarea"]);
turndown.addRule("picture", { filter: "img", replacement: () => "" });
turndown.addRule("link", {
  filter: "a",
  replacement: (content, node) => (content.trim() && GOOD_LINK.test(node.getAttribute("href") ?? "") ? `[${content.trim()}](${node.getAttribute("href")})` : content),
});
turndown.addRule("wordList", {
  filter: (node) => node.hasAttribute("data-level"),
  replacement: (content, node) => `\n${"    ".repeat(Number(node.dataset.level) - 1)}${node.dataset.marker} ${content.trim()}\n`,
});
turndown.addRule("table", { filter: "table", replacement: (content, node) => `\n\n${tableOf(node)}\n\n` });

export function toMarkdown(html) {
  // An inert document: nothing in it is run or loaded.
  const source = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  tidyWord(source);
  tidySpans(source);
  return turndown.turndown(source.body).replace(/\u00a0/g, " ").replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
}

// The policy of the page forbids styles in texts; what they say of lists and of bold is read under another name.
function withoutStyles(html) {
  return html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle(\s*=)/gi, " data-style$1");
}

// Word writes lists as paragraphs whose mark stands in a span that it asks others to ignore.
function tidyWord(source) {
  for (const item of source.querySelectorAll("p[data-style*='mso-list']")) {
    const mark = item.querySelector("span[data-style*='mso-list:Ignore'], span[data-style*='mso-list: Ignore']");
    item.dataset.level = /level(\d)/.exec(item.dataset.style)?.[1] ?? "1";
    item.dataset.marker = NUMBERED.test(mark?.textContent ?? "") ? "1." : "-";
    mark?.remove();
  }
}

// Online documents say bold and italic by styles, and wrap everything in a bold that is not bold.
function tidySpans(source) {
  for (const wrapper of source.querySelectorAll("b[data-style*='font-weight:normal'], b[data-style*='font-weight: normal']")) wrapper.replaceWith(...wrapper.childNodes);
  for (const span of source.querySelectorAll("span[data-style]")) {
    const { style } = span.dataset;
    if (!span.textContent.trim() || span.closest("h1, h2, h3, h4, h5, h6")) continue;
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrap(span, "strong");
    if (/font-style:\s*italic/i.test(style)) wrap(span, "em");
  }
}

function wrap(span, tag) {
  const outer = span.ownerDocument.createElement(tag);
  outer.append(...span.childNodes);
  span.append(outer);
}

function tableOf(table) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => turndown.turndown(cell).replace(/\s+/g, " ").replaceAll("|", "\\|").trim()));
  const width = Math.max(...rows.map((row) => row.length));
  const lines = rows.map((row) => `| ${Array.from({ length: width }, (unused, place) => row[place] ?? "").join(" | ")} |`);
  lines.splice(1, 0, `|${" --- |".repeat(width)}`);
  return lines.join("\n");
}
