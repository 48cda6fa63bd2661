// The desk by keyboard: moving in the work queue, and the order of a TOP list by drag, by buttons and by arrows.
const form = document.querySelector("form[data-work]");

function rowsOf(table) {
  return [...table.querySelectorAll("tbody tr")];
}

// Only while the focus is in the table, so that the letters disturb nobody who speaks or types elsewhere.
form?.querySelector("table").addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const row = event.target.closest("tbody tr");
  if (!row) return;
  const rows = rowsOf(event.currentTarget);
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = rows[rows.indexOf(row) + step];
    next?.querySelector("a").focus();
    event.preventDefault();
  } else if (event.key === "x") {
    row.querySelector("input[type=checkbox]").click();
    event.preventDefault();
  }
});

const list = document.querySelector("[data-sortable]");
const status = document.getElementById("status");

function say(row) {
  const place = [...list.children].indexOf(row) + 1;
  if (status) status.textContent = list.dataset.moved.replace("{title}", row.dataset.title).replace("{place}", place);
}

function renumber() {
  const rows = [...list.children];
  rows.forEach((row, index) => {
    row.querySelector("[data-place]").textContent = index + 1;
    row.querySelector("[data-step='-1']").disabled = index === 0;
    row.querySelector("[data-step='1']").disabled = index === rows.length - 1;
  });
}

function move(row, step, control) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  renumber();
  // A disabled button loses the focus: the other way is the next thing one can do.
  (control?.disabled ? row.querySelector("[data-step]:not(:disabled)") : control)?.focus();
  list.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
  say(row);
}

// Enter presses the button beside the field, not the first one of a long form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input") || event.isComposing) return;
  const button = event.target.closest("[data-enter]")?.querySelector("button[type=submit]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

if (list) {
  renumber();
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    move(button.closest("li"), Number(button.dataset.step), button);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !step) return;
    event.preventDefault();
    move(event.target.closest("li"), step, event.target);
  });
  let carried = null;
  list.addEventListener("dragstart", (event) => {
    carried = event.target.closest("li");
    carried.classList.add("is-carried");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", carried.dataset.title);
  });
  list.addEventListener("dragover", (event) => {
    const row = event.target.closest("li");
    if (!carried || !row) return;
    event.preventDefault();
    if (row === carried) return;
    const box = row.getBoundingClientRect();
    if (event.clientY > box.top + box.height / 2) row.after(carried);
    else row.before(carried);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    carried.classList.remove("is-carried");
    renumber();
    say(carried);
    carried = null;
  });
}

// A file that would be refused is told of before it is sent, which may take minutes.
for (const input of document.querySelectorAll("input[data-most-bytes]")) {
  input.addEventListener("change", () => {
    const field = input.closest(".field");
    field.querySelector("[data-told]")?.remove();
    if (!input.files.length || input.files[0].size <= Number(input.dataset.mostBytes)) return;
    input.value = "";
    const line = document.createElement("p");
    line.className = "field-error";
    line.dataset.told = "";
    line.setAttribute("role", "alert");
    line.textContent = input.dataset.tooLarge;
    input.closest(".file-frame").before(line);
  });
}
