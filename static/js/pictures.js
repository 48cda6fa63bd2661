// Adding pictures: each chosen one is seen and described before it is sent; the limits are told at once.
// Without this script the form sends the pictures, and those without a description wait for one.
for (const form of document.querySelectorAll("form[data-pictures]")) prepare(form);

function prepare(form) {
  const input = form.querySelector("input[type=file]");
  const rows = form.querySelector("[data-picture-rows]");
  const errors = form.querySelector("[data-picture-errors]");
  const status = ownButton(input);
  const model = rows.querySelector("[data-picture-row]").cloneNode(true);
  const known = new Map();
  let chosen = [];

  const identity = (file) => `${file.name}/${file.size}/${file.lastModified}`;

  function choose(files) {
    errors.replaceChildren();
    const accepted = [];
    for (const file of files) {
      if (accepted.some((other) => identity(other) === identity(file))) continue;
      const problem = problemOf(file, accepted.length);
      if (problem) complain(problem.replace("{name}", file.name));
      else accepted.push(file);
    }
    chosen = accepted;
    // The order of the files is the order of the descriptions.
    const transfer = new DataTransfer();
    for (const file of chosen) transfer.items.add(file);
    input.files = transfer.files;
    show();
  }

  function problemOf(file, count) {
    const types = input.accept.split(",");
    if (!types.includes(file.type)) return form.dataset.wrongType;
    if (file.size > Number(form.dataset.maxBytes)) return form.dataset.tooLarge;
    if (count >= Number(form.dataset.maxCount)) return form.dataset.tooMany;
    return "";
  }

  function complain(text) {
    errors.append(errorLine(text));
  }

  function errorLine(text) {
    const line = document.createElement("p");
    line.className = "field-error";
    line.textContent = `${form.dataset.error} ${text}`;
    return line;
  }

  function show() {
    for (const [name, row] of known) {
      if (chosen.some((file) => identity(file) === name)) continue;
      URL.revokeObjectURL(row.querySelector("img").src);
      known.delete(name);
    }
    const shown = chosen.map((file, index) => {
      const row = known.get(identity(file)) ?? rowOf(file);
      known.set(identity(file), row);
      number(row, index);
      return row;
    });
    rows.replaceChildren(...(shown.length ? shown : [model.cloneNode(true)]));
    tellCount();
  }

  function tellCount() {
    const words = [form.dataset.noneChosen, form.dataset.oneChosen][chosen.length] ?? form.dataset.manyChosen;
    status.textContent = words.replace("{num}", chosen.length);
  }

  function rowOf(file) {
    const row = model.cloneNode(true);
    row.querySelector("[data-picture-name]").textContent = form.dataset.chosen.replace("{name}", file.name);
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = "";
    picture.className = "picture-preview";
    const leave = document.createElement("button");
    leave.type = "button";
    leave.className = "button button-quiet button-small";
    leave.textContent = form.dataset.leaveOut;
    leave.addEventListener("click", () => {
      choose(chosen.filter((other) => other !== file));
      input.focus();
    });
    row.querySelector("legend").after(picture, leave);
    return row;
  }

  function number(row, index) {
    for (const part of row.querySelectorAll("[id], [for], [name], [aria-describedby]")) {
      for (const name of ["id", "for", "name", "aria-describedby"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replaceAll(/new-\d+-/g, `new-${index}-`));
      }
    }
  }

  tellCount();
  input.addEventListener("change", () => choose(input.files.length ? [...input.files] : chosen));

  // Dropped and pasted pictures come beside those chosen before.
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    form.querySelector("[data-drop]")?.classList.remove("is-over");
    choose([...chosen, ...event.dataTransfer.files]);
  }, true);
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    choose([...chosen, ...files]);
    rows.querySelector("input[type=text]")?.focus();
  });

  form.addEventListener("submit", (event) => {
    if (!chosen.length) return;
    const first = [...rows.children].map(missingIn).find((field) => field);
    if (!first) return;
    event.preventDefault();
    first.focus();
  });

  // The first field of the row that lacks something; what it lacks is written beside it.
  function missingIn(row) {
    row.querySelectorAll("[data-missing]").forEach((line) => line.remove());
    const field = (name) => row.querySelector(`[name$='-${name}']`);
    let first = null;
    if (!field("alt").value.trim() && !field("is_decorative").checked) first = tell(field("alt"), form.dataset.altMissing);
    if (!field("has_consent").checked) {
      const consent = tell(field("has_consent"), form.dataset.consentMissing);
      first ??= consent;
    }
    return first;
  }

  function tell(field, text) {
    const line = errorLine(text);
    line.dataset.missing = "";
    line.id = `${field.id}-missing`;
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${line.id}`.trim());
    (field.matches("[type=checkbox]") ? field.parentElement : field).before(line);
    return field;
  }
}

// The browser's button and count are in its own language: ours lie under it, and what is chosen is said aloud.
function ownButton(input) {
  const button = document.createElement("span");
  button.className = "button button-secondary file-button";
  button.setAttribute("aria-hidden", "true");
  button.textContent = input.labels[0].textContent;
  const status = document.createElement("p");
  status.className = "small";
  status.dataset.pictureStatus = "";
  status.setAttribute("role", "status");
  input.after(button, status);
  return status;
}
