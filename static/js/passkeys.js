// Passkeys: forms marked data-passkey="create" or "get" ask the browser for the answer to data-question, put it into
// their field and go the ordinary way. Without scripts, or where the browser knows no passkeys, they stay hidden.
const knows = "PublicKeyCredential" in window && "credentials" in navigator;

if (knows) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      ask(form);
    });
  }
  for (const text of document.querySelectorAll("[data-passkey-missing]")) text.hidden = true;
}

async function ask(form) {
  const question = JSON.parse(form.dataset.question);
  const said = form.querySelector("[data-said]");
  said.hidden = true;
  try {
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: forCreating(question) })
        : await navigator.credentials.get({ publicKey: forGetting(question) });
    form.elements.answer.value = JSON.stringify(asJson(credential));
    form.requestSubmit();
  } catch {
    said.textContent = form.dataset.failed;
    said.hidden = false;
  }
}

function forCreating(question) {
  const excluded = (question.excludeCredentials ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const user = { ...question.user, id: bytes(question.user.id) };
  return { ...question, challenge: bytes(question.challenge), user, excludeCredentials: excluded };
}

function forGetting(question) {
  const allowed = (question.allowCredentials ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  return { ...question, challenge: bytes(question.challenge), allowCredentials: allowed };
}

function asJson(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

function bytes(value) {
  const plain = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
