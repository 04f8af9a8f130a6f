// Forms sent in place. Without scripts they work as they are; when anything fails, they do again.
import { text } from "../lib/texts.js";

addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-enhance]");
  const button = event.submitter;
  if (!form || button?.hasAttribute("formaction")) return;
  event.preventDefault();
  send(form, button);
});

async function send(form, button) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const headers = { Accept: "application/json" };
    const response = await fetch(form.action, { method: "POST", body, headers });
    await settle(form, response);
  } catch {
    refuse(form, { raw: text("not_sent") });
  } finally {
    form.ariaBusy = null;
  }
}

async function settle(form, response) {
  const answer = response.status === 204 ? {} : await response.json();
  if (answer.sign_in) return form.submit();
  if (!response.ok) return refuse(form, answer.fields ?? { raw: (answer.errors ?? []).join(" ") });
  if ("vote" in form.dataset) return voted(form, answer);
  if ("composer" in form.dataset) return published(form, answer);
  const live = document.querySelector("live-channel[connected]");
  if (!live || form.closest("aside")) location.assign(answer.location);
}

/** Mark the vote at once; the score follows by the push, or from the answer without one. */
async function voted(form, { post_id, vote, score }) {
  const { markVote } = await import("./slots.js");
  markVote(form.closest("post-controls") ?? form, vote);
  const block = document.getElementById("viewer-state");
  const state = JSON.parse(block.textContent);
  state.votes[post_id] = vote;
  block.textContent = JSON.stringify(state);
  const shown = document.getElementById(`post-${post_id}-score`);
  if (shown) shown.textContent = score;
}

/** The reply comes by the push; without a connection, the page is loaded at its place. */
async function published(form, { location: place, post_id }) {
  form.dispatchEvent(new CustomEvent("published"));
  const here = new URL(place, location.href);
  const list = document.querySelector("[data-topic][data-shows-end]");
  if (!list || !document.querySelector("live-channel[connected]")) return go(here);
  form.reset();
  const came = await until(() => document.getElementById(`post-${post_id}`), 1500);
  if (!came) return go(here);
  form.querySelector("textarea").value = "";
  history.replaceState(null, "", `#post-${post_id}`);
  came.scrollIntoView({ block: "nearest" });
}

function go(place) {
  const same = place.pathname === location.pathname && place.search === location.search;
  location.assign(place);
  if (same) location.reload();
}

async function until(found, ms) {
  const end = Date.now() + ms;
  while (!found() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  return found();
}

/** Say what is wrong, at the fields and above them; what was typed stays. */
export function refuse(form, fields) {
  form.querySelector("[data-refused]")?.remove();
  const note = document.createElement("div");
  note.className = "note note-bad";
  note.setAttribute("role", "alert");
  note.dataset.refused = "";
  note.tabIndex = -1;
  note.append(Object.assign(document.createElement("p"), { textContent: Object.values(fields).join(" ") }));
  form.prepend(note);
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const name of Object.keys(fields)) form.elements[name]?.setAttribute?.("aria-invalid", "true");
  note.focus();
}
