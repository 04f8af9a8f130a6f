// What is typed is kept on this computer at once, and brought back when the page comes again.
import { text } from "../lib/texts.js";

const form = document.querySelector("[data-composer]");
const { raw: area, version } = form.elements;
// What a new topic has beside its text.
const others = ["title", "tags", "category_id", "kind"].filter((name) => name in form.elements);
const shown = { raw: area.defaultValue, version: version?.value, ...values() };
const line = form.querySelector("[data-draft]");
const key = `draft ${viewerId()} ${form.getAttribute("action")}`;

function viewerId() {
  return JSON.parse(document.getElementById("viewer-state")?.textContent ?? "{}").id ?? "";
}

function values() {
  return Object.fromEntries(others.map((name) => [name, form.elements[name].value]));
}

function keep({ sent = false } = {}) {
  const draft = { raw: area.value, version: version?.value, sent, ...values() };
  if (!draft.raw && !draft.title && !draft.tags) forget();
  else say(store(JSON.stringify(draft)) ? text("draft_kept") : "");
}

function store(draft) {
  try {
    localStorage.setItem(key, draft);
    return true;
  } catch {
    return false;
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget() {
  say("");
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

function restore() {
  const draft = stored();
  if (!draft || form.querySelector("[data-refused]")) return;
  if (wasSaved(draft)) return forget();
  if (!draft.title && !draft.tags && area.value.includes(draft.raw)) return;
  area.value = version ? draft.raw : joined(draft.raw, area.value);
  for (const name of others) if (isFree(name) && draft[name]) form.elements[name].value = draft[name];
  // Begun on an older version: it is saved as a conflict, which shows both texts.
  if (version) version.value = draft.version;
  say(text("draft_restored"));
  offerDiscard();
}

/** Nothing was chosen there before the draft came; of the kinds of topic, one always is. */
const isFree = (name) => name === "kind" || !form.elements[name].value;

/** An edit that was sent, and whose post has another version since. */
const wasSaved = (draft) => version && draft.sent && draft.version !== version.value;

/** What the server put there (a quote, a kept draft) comes after what was typed before. */
function joined(draft, given) {
  return given.includes(draft) ? given : [draft, given].filter(Boolean).join("\n\n");
}

function offerDiscard() {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link-btn" });
  button.textContent = text("discard");
  button.addEventListener("click", () => {
    for (const name of Object.keys(shown)) if (form.elements[name]) form.elements[name].value = shown[name];
    forget();
    button.remove();
    area.focus();
  });
  form.addEventListener("published", () => button.remove());
  line?.after(button);
}

function say(sentence) {
  if (line && line.textContent !== sentence) line.textContent = sentence;
}

form.addEventListener("input", () => keep());
form.addEventListener("published", forget);
// Signing out forgets drafts; whoever signs in again from here wants this one.
addEventListener("click", (event) => event.target.closest?.("a[data-sign-in]") && keep());
form.addEventListener("submit", (event) => {
  if (!("enhance" in form.dataset) && !event.submitter?.hasAttribute("formaction")) keep({ sent: true });
});
// Whoever types before this module has come loses nothing either.
if (area.value !== area.defaultValue) keep();
else restore();
