// What is typed is kept on this computer at once, and brought back when the page comes again.
import * as storage from "../lib/storage.js";
import { text } from "../lib/texts.js";
import { given, values } from "./values.js";

const form = document.querySelector("[data-composer]");
const { raw: area, version } = form.elements;
// The fields of a kind of topic (templates/kinds/_fields.html).
const typed = [...form.querySelectorAll("[data-typed]")];
// What a topic has beside its text.
const others = ["title", "tags", "category_id", "kind"].filter(isThere);
others.push(...typed.map(({ name }) => name));
// One of these, and it is worth keeping.
const telling = ["raw", "title", "tags", ...typed.filter(({ type }) => type !== "hidden").map(({ name }) => name)];
const shown = { raw: area?.defaultValue, version: version?.value, ...given(form, others) };
const line = form.querySelector("[data-draft]");
const key = `draft ${viewerId()} ${place(form.elements.kind)}`;

/** The kind is chosen there, or it is the form's own. */
function isThere(name) {
  return name in form.elements && form.elements[name].type !== "hidden";
}

function viewerId() {
  return JSON.parse(document.getElementById("viewer-state")?.textContent ?? "{}").id ?? "";
}

/** Of a kind that has a form of its own, a draft of its own; and one more for each topic that it comes from. */
function place(kind) {
  const own = kind?.type === "hidden" ? [kind.value] : [];
  const from = typed.filter(({ type, value }) => type === "hidden" && value).map(({ value }) => value);
  return [form.getAttribute("action"), ...own, ...from].join(" ");
}

function keep({ sent = false } = {}) {
  // What came along from the form of another kind, and has no place here, may go back there.
  const draft = { ...storage.kept(key), raw: area?.value, version: version?.value, sent, ...values(form, others), begun: shown };
  if (!telling.some((name) => draft[name])) forget();
  else say(storage.keep(key, draft) ? text("draft_kept") : "");
}

function forget() {
  say("");
  storage.forget(key);
}

function restore() {
  const draft = storage.kept(key);
  if (!draft || form.querySelector("[data-refused]")) return;
  if (wasSaved(draft)) return forget();
  const more = telling.some((name) => name !== "raw" && draft[name]);
  if (!more && area?.value.includes(draft.raw)) return;
  if (area) area.value = version || area.value === draft.begun?.raw ? draft.raw : joined(draft.raw, area.value);
  for (const name of others) if (isFree(name, draft) && draft[name] !== undefined) form.elements[name].value = draft[name];
  // Begun on an older version: it is saved as a conflict, which shows both.
  if (version) version.value = draft.version;
  say(text("draft_restored"));
  offerDiscard();
}

/** Nothing else was put there since the draft was begun; an edit is a whole. */
function isFree(name, { begun = {} }) {
  const { value } = form.elements[name];
  return version || name === "kind" || !value || value === begun[name];
}

/** An edit that was sent, and that has another version since. */
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
    (area ?? typed[0])?.focus();
  });
  form.addEventListener("published", () => button.remove());
  line?.after(button);
}

function say(sentence) {
  if (line && line.textContent !== sentence) line.textContent = sentence;
}

/** What was begun goes along to the form of another kind, unless something is kept there. */
function goAlong({ target }) {
  const kind = target.closest?.("a[data-kind-choice]")?.dataset.kindChoice;
  const draft = storage.kept(key);
  if (kind === undefined || !draft) return;
  const there = `draft ${viewerId()} ${[form.getAttribute("action"), kind].filter(Boolean).join(" ")}`;
  if (there !== key && !storage.kept(there) && storage.keep(there, draft)) storage.forget(key);
}

form.addEventListener("input", () => keep());
form.addEventListener("published", forget);
addEventListener("click", goAlong);
// Signing out forgets drafts; whoever signs in again from here wants this one.
addEventListener("click", (event) => event.target.closest?.("a[data-sign-in]") && keep());
form.addEventListener("submit", (event) => {
  // It is answered already: nothing is left to be written.
  if (event.submitter?.hasAttribute("data-settles")) return forget();
  if (!("enhance" in form.dataset) && !event.submitter?.hasAttribute("formaction")) keep({ sent: true });
});
// Whoever types before this module has come loses nothing either.
const early = others.some((name) => form.elements[name].value !== shown[name]);
const written = area && area.value !== area.defaultValue;
if (!written) restore();
if (written || early) keep();
