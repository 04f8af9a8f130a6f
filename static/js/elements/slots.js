// A pushed card is the same for everyone: its slot is filled here, from the page's two templates.
import { viewer } from "../live/patches.js";
import { speakTimes } from "./times.js";

const PLACEHOLDER = "POST_ID";

/** Fill the slots of a card or row that has just come; `old` is the one that it replaces. */
export function dress(element, old) {
  for (const slot of element.querySelectorAll("post-controls:empty")) fillControls(slot);
  for (const slot of element.querySelectorAll("topic-state:empty")) fillState(slot, old);
  if (old?.classList.contains("fresh")) element.classList.add("fresh");
  speakTimes(element);
  return element;
}

function fillControls(slot) {
  const { post, author } = slot.dataset;
  const me = viewer();
  const own = me.id !== null && Number(author) === me.id;
  const template = document.getElementById(own ? "controls-own" : "controls-other");
  if (!template || "deleted" in slot.dataset) return;
  slot.append(template.content.cloneNode(true));
  for (const node of slot.querySelectorAll("[href], [action]")) {
    for (const name of ["href", "action"]) {
      const value = node.getAttribute(name);
      if (value?.includes(PLACEHOLDER)) node.setAttribute(name, value.replace(PLACEHOLDER, post));
    }
  }
  markVote(slot, me.votes[post] ?? 0);
}

/** Press the button of the viewer's vote; pressing it again withdraws. */
export function markVote(slot, vote) {
  for (const [button, value] of [[slot.querySelector(".vote-up"), 1], [slot.querySelector(".vote-down"), -1]]) {
    button?.setAttribute("aria-pressed", String(vote === value));
    if (button) button.value = vote === value ? 0 : value;
  }
}

function fillState(slot, old) {
  const before = old?.querySelector("topic-state");
  if (before) slot.replaceChildren(...before.cloneNode(true).childNodes);
}
