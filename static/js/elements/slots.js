// A pushed card is the same for everyone: its slot is filled here, from the page's two templates.
import { speakTimes } from "./times.js";

const PLACEHOLDER = "POST_ID";

let block = "";
let known = { id: null, votes: {} };

/** The viewer's id and votes, as the page gave them; a refresh brings another block. */
function state() {
  const now = document.getElementById("viewer-state")?.textContent;
  if (now && now !== block) known = JSON.parse(now);
  block = now;
  return known;
}

/** The viewer's votes in this topic, by post. */
export const votes = () => state().votes;

/** Remember a vote for the cards that come. */
export function recordVote(post, vote) {
  state().votes[post] = vote;
}

const isMine = (author) => state().id !== null && Number(author) === state().id;

/** Whether a card is the viewer's own. */
export const isOwn = (card) => isMine(card.querySelector("post-controls")?.dataset.author);

/** Fill the slots of a card or row that has just come; `old` is the one that it replaces. */
export function dress(element, old) {
  for (const slot of element.querySelectorAll("post-controls:empty")) fillControls(slot);
  for (const slot of element.querySelectorAll("topic-state:empty")) fillState(slot, old);
  if (old?.classList.contains("fresh")) element.classList.add("fresh");
  if (old?.dataset.depth) element.dataset.depth = old.dataset.depth;
  speakTimes(element);
  return element;
}

function fillControls(slot) {
  const { post, author } = slot.dataset;
  const template = document.getElementById(isMine(author) ? "controls-own" : "controls-other");
  if (!template || "deleted" in slot.dataset) return;
  slot.append(template.content.cloneNode(true));
  for (const node of slot.querySelectorAll("*")) {
    for (const { name, value } of node.attributes) {
      if (value.includes(PLACEHOLDER)) node.setAttribute(name, value.replaceAll(PLACEHOLDER, post));
    }
  }
  markVote(slot, votes()[post] ?? 0);
}

/** Press the button of the viewer's vote; pressing it again withdraws. */
export function markVote(slot, vote) {
  for (const [button, value] of [[slot.querySelector(".vote-up"), 1], [slot.querySelector(".vote-down"), -1]]) {
    button?.setAttribute("aria-pressed", String(vote === value));
    if (button) button.value = vote === value ? 0 : value;
  }
}

/** What the viewer has read is not told with the row: it stays as it was. */
function fillState(slot, old) {
  const before = old?.querySelector("topic-state");
  if (before) slot.replaceChildren(...before.cloneNode(true).childNodes);
}
