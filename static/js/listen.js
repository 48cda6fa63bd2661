// A trial: the reader's own device reads the deed aloud. The button comes only where a voice of the device itself speaks
// the language, so that no text is sent anywhere. A press is counted without cookies.
const box = document.querySelector("[data-listen]");
const speech = window.speechSynthesis;
const button = box?.querySelector("button");
const language = box?.dataset.language;
const WORDS = ".deed-words h1, .deed-words .lead, .deed-stages :is(h2, h3, .prose > *, section > :is(ul, ol) > li)";

const voice = () => speech.getVoices().find((each) => each.localService && each.lang.slice(0, 2) === language);

function show() {
  if (voice()) box.hidden = false;
}

function say(words) {
  button.querySelector("span").textContent = words;
}

// What stands folded is read only when the reader has opened it, and the site's own headings only in the voice's language.
function parts() {
  return [...document.querySelectorAll(WORDS)].filter(
    (part) => !part.closest("details:not([open])") && part.closest("[lang]").lang.slice(0, 2) === language,
  );
}

function start() {
  const all = parts();
  all.forEach((part, place) => {
    const spoken = new SpeechSynthesisUtterance(part.textContent);
    spoken.voice = voice();
    spoken.lang = spoken.voice.lang;
    if (place === all.length - 1) spoken.onend = () => say(box.dataset.start);
    speech.speak(spoken);
  });
  say(box.dataset.stop);
  fetch(box.dataset.listen, { method: "POST", credentials: "omit", keepalive: true }).catch(() => {});
}

if (box && speech) {
  show();
  speech.addEventListener?.("voiceschanged", show);
  button.addEventListener("click", () => {
    if (!speech.speaking) return start();
    speech.cancel();
    say(box.dataset.start);
  });
  window.addEventListener("pagehide", () => speech.cancel());
}
