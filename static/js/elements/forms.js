// Forms sent in place. Without scripts they work as they are; when anything fails, they do again.
import { text } from "../lib/texts.js";
import { clearErrors, showErrors } from "./errors.js";

/** Send a form; what was typed stays until the server has answered that it is kept. */
export async function send(form, button) {
  if (form.ariaBusy === "true") return;
  // Of a file its name, as a plain form sends it.
  const body = new URLSearchParams([...new FormData(form, button)].map(([name, value]) => [name, value.name ?? value]));
  busy(form, button, true);
  const undo = "vote" in form.dataset ? await press(form, button) : undefined;
  try {
    const response = await post(form, body);
    const answer = await read(response);
    if (answer.sign_in) return submitPlainly(form, button);
    if (!response.ok) throw new Refusal(answer);
    clearErrors(form);
    await settle(form, answer);
  } catch (fault) {
    undo?.();
    showErrors(form, fault instanceof Refusal ? fault.fields : { form: text("not_sent") });
  } finally {
    busy(form, button, false);
  }
}

class Refusal extends Error {
  constructor({ fields, errors }) {
    super();
    this.fields = fields ?? { form: (errors ?? []).join(" ") || text("not_sent") };
  }
}

// Not `disabled`: a button that is switched off loses the focus.
function busy(form, button, is) {
  form.ariaBusy = is ? "true" : null;
  if (button) button.ariaDisabled = is ? "true" : null;
}

function post(form, body) {
  return fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
}

function read(response) {
  return response.headers.get("content-type")?.includes("json") ? response.json() : {};
}

/** Let the server show the page that asks to sign in, with all that was to be sent. */
function submitPlainly(form, button) {
  if (button?.name) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  }
  form.submit();
}

function settle(form, answer) {
  if ("vote" in form.dataset) return showVote(answer);
  if ("composer" in form.dataset) return published(form, answer);
  if (!isLive() || form.closest("aside")) location.assign(answer.location);
}

const isLive = () => document.querySelector("live-channel[connected]") !== null;

/** Press the button before the server has answered; gives what takes it back. */
async function press(form, button) {
  const { markVote, votes } = await import("./slots.js");
  const slot = form.closest("post-controls");
  const before = votes()[slot.dataset.post] ?? 0;
  markVote(slot, Number(button.value));
  return () => markVote(slot, before);
}

/** The score follows by the push, or from the answer without one. */
async function showVote({ post_id, vote, score }) {
  const { markVote, recordVote } = await import("./slots.js");
  recordVote(post_id, vote);
  // Another card may have come meanwhile.
  for (const slot of document.querySelectorAll(`post-controls[data-post="${post_id}"]`)) markVote(slot, vote);
  const shown = document.getElementById(`post-${post_id}-score`);
  if (shown) shown.textContent = score;
}

/** The field is free at once; the reply comes by the push, or with the page loaded at its place. */
async function published(form, { location: place, post_id }) {
  renew(form);
  form.dispatchEvent(new CustomEvent("published"));
  const list = document.querySelector("[data-topic][data-shows-end]");
  if (!post_id || !list || !isLive() || !(await comes(list, `post-${post_id}`))) return go(new URL(place, location.href));
  history.replaceState(null, "", `#post-${post_id}`);
  document.getElementById(`post-${post_id}`).scrollIntoView({ block: "nearest" });
}

/** A new text, and a new token: with the old one, the next text would pass for this one sent twice. */
function renew(form) {
  const { raw, token } = form.elements;
  raw.value = "";
  if (token) token.value = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9))));
}

function go(place) {
  const same = place.pathname === location.pathname && place.search === location.search;
  location.assign(place);
  if (same) location.reload();
}

/** Whether an element with this id comes into the list before long. */
function comes(list, id) {
  if (document.getElementById(id)) return true;
  return new Promise((resolve) => {
    const end = (found) => (observer.disconnect(), clearTimeout(timer), resolve(found));
    const observer = new MutationObserver(() => document.getElementById(id) && end(true));
    observer.observe(list, { childList: true });
    const timer = setTimeout(end, 2500, false);
  });
}
