// The composer: a draft kept at once, a preview beside, a reply addressed to a post.
import { fill } from "../live/html.js";
import { text } from "../lib/texts.js";

const form = document.querySelector("[data-composer]");
const area = form.querySelector("textarea[name=raw]");
const title = form.querySelector("[name=title]");
const key = `draft ${JSON.parse(document.getElementById("viewer-state")?.textContent ?? "{}").id ?? ""} ${form.getAttribute("action")}`;

function keep() {
  const draft = { raw: area.value, title: title?.value ?? "" };
  if (draft.raw || draft.title) localStorage.setItem(key, JSON.stringify(draft));
  else localStorage.removeItem(key);
  say(draft.raw ? text("draft_kept") : "");
}

function restore() {
  const draft = JSON.parse(localStorage.getItem(key) ?? "null");
  if (!draft || area.value.includes(draft.raw) || form.querySelector("[data-refused]")) return;
  // What the server put there (a quote, a kept draft) comes after what was typed before.
  area.value = [draft.raw, area.value].filter(Boolean).join("\n\n");
  if (title && !title.value) title.value = draft.title;
  say(text("draft_restored"));
}

function say(sentence) {
  const line = form.querySelector("[data-draft]");
  if (line && line.textContent !== sentence) line.textContent = sentence;
}

form.addEventListener("input", keep);
form.addEventListener("published", () => {
  localStorage.removeItem(key);
  say("");
  setTarget("", "");
});
form.addEventListener("submit", () => {
  if (!("enhance" in form.dataset)) localStorage.removeItem(key);
});
// Whoever types before this module has come loses nothing either.
if (area.value !== area.defaultValue) keep();
else restore();

document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  for (const name of Object.keys(localStorage)) if (name.startsWith("draft ")) localStorage.removeItem(name);
});

form.querySelector("[data-preview]")?.addEventListener("click", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams({ raw: area.value });
  const response = await fetch("/preview", { method: "POST", body, headers: { "X-Requested-With": "relais" } });
  if (!response.ok) return;
  let box = form.querySelector(".preview");
  if (!box) {
    box = Object.assign(document.createElement("div"), { className: "preview prose", tabIndex: -1 });
    form.append(box);
  }
  fill(box, await response.text());
  box.focus();
});

// "Reply" on a card addresses the composer of this page instead of loading another one.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-reply]");
  const card = link?.closest("li[data-number]");
  if (!card || !form.elements.reply_to || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  setTarget(card.dataset.number, card.querySelector(".by-name bdi")?.textContent ?? "");
  area.focus();
});

function setTarget(number, name) {
  const line = form.querySelector("[data-reply-to]");
  if (!line) return;
  form.elements.reply_to.value = number;
  line.hidden = !number;
  line.querySelector("[data-words]").textContent = text("in_reply_to").replace("{name}", name).replace("{number}", number);
}
