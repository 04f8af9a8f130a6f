// Improves pages that already work. What is not needed at once is fetched at its first use.
import "./live/connection.js";
import "./elements/times.js";
import { announce } from "./lib/texts.js";

const modules = {
  alreadyDone: () => import("./elements/already-done.js"),
  composer: () => import("./elements/composer.js"),
  finder: () => import("./elements/finder.js"),
  forms: () => import("./elements/forms.js"),
  keys: () => import("./elements/keys.js"),
  ownSeat: () => import("./elements/own-seat.js"),
  reading: () => import("./elements/reading.js"),
  title: () => import("./elements/title.js"),
};
const composer = document.querySelector("[data-composer]");

/** Fetch a module before it is needed; without network it is tried again when it is. */
const soon = (name) => void modules[name]().catch(() => {});

function approach({ target }) {
  if (target.closest?.("form[data-enhance]")) soon("forms");
  if (composer?.contains(target)) soon("composer");
  if (target.matches?.("[data-find]")) find(target);
}

/** What a search field finds is shown while one types; without it the field works as it is. */
function find(field) {
  modules.finder().then(({ help }) => help(field), () => {});
}
addEventListener("focusin", approach);
addEventListener("pointerdown", approach);
addEventListener("dragenter", approach);

addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.matches("[data-sign-out]")) return forgetDrafts();
  if (!form.matches("[data-enhance]") || submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  modules.forms().then(({ send }) => send(form, submitter), () => announce("not_sent"));
});

// What the composer does is done once it is there, so that the first press is not lost.
addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-mark], [data-preview]");
  if (!button || !composer?.contains(button)) return;
  event.preventDefault();
  const act = "preview" in button.dataset ? "preview" : "mark";
  modules.composer().then((module) => module[act](button)).catch(() => announce("not_sent"));
});

// "Reply" and "Quote" on a card use the composer of this page instead of loading another one.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-reply], a[data-quote]");
  const card = link?.closest("li[data-number]");
  if (!card || !composer?.elements.reply_to || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const quoted = "quote" in link.dataset ? selectedIn(card) : "";
  if ("quote" in link.dataset && !quoted) return;
  event.preventDefault();
  modules.composer().then(({ answer }) => answer(card, quoted), () => location.assign(link.href));
});

// A press on "Quote" would take the selection away.
addEventListener("mousedown", (event) => {
  if (event.target.closest?.("a[data-quote]") && !getSelection().isCollapsed) event.preventDefault();
});

function selectedIn(card) {
  const prose = card.querySelector(".prose");
  const selection = getSelection();
  const within = prose?.contains(selection.anchorNode) && prose.contains(selection.focusNode);
  return within ? selection.toString().trim() : "";
}

function drafts() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith("draft "));
  } catch {
    return [];
  }
}

// The next person at this computer reads nothing of them.
function forgetDrafts() {
  for (const name of drafts()) localStorage.removeItem(name);
}

function typedEarly() {
  const { raw } = composer.elements;
  return (raw && raw.value !== raw.defaultValue) || composer.contains(document.activeElement);
}

for (const tools of document.querySelectorAll("[data-tools]")) tools.hidden = false;
if (composer && (typedEarly() || drafts().length)) soon("composer");
addEventListener("load", () => {
  if (document.querySelector("already-done")) soon("alreadyDone");
  if (document.querySelector("own-seat")) soon("ownSeat");
  if (Number(document.getElementById("badge")?.dataset.unread)) soon("title");
  if (document.querySelector("live-channel[server-side]") && document.querySelector("[data-topic]")) soon("reading");
});

if (document.getElementById("keys")) {
  for (const button of document.querySelectorAll("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => modules.keys().then(({ help }) => help(), () => {}));
  }
  addEventListener("keydown", ({ target, key, ctrlKey, metaKey, altKey }) => {
    const typing = target.closest?.("input, textarea, select, dialog, [contenteditable]");
    if (typing || ctrlKey || metaKey || altKey || !["j", "k", "r", "?"].includes(key)) return;
    modules.keys().then(({ press }) => press(key), () => {});
  });
}
