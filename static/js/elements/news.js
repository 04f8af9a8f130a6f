// What has come and is not shown yet: told in a bar, shown when the reader asks for it.
import { announce, text } from "../lib/texts.js";
import { dress } from "./slots.js";

const rows = [];
let missed = 0;

const heldRow = (id) => rows.find((row) => row.element.id === id);

/** Keep a row for the head of a list that holds such rows. */
export function holdRow(list, element) {
  if (heldRow(element.id) || !element.matches(list.dataset.holds || "*")) return;
  rows.push({ list, element });
  show(text("new_topics", rows.length));
  announce("new_topics");
}

/** Another element for the row that waits under this id. */
export function replaceRow(id, element) {
  const row = heldRow(id);
  if (row) row.element = element;
}

/** Drop the row that waits under this id. */
export function forgetRow(id) {
  const row = heldRow(id);
  if (!row) return;
  rows.splice(rows.indexOf(row), 1);
  show(rows.length ? text("new_topics", rows.length) : "");
}

/** All that waited is shown already. */
export function forgetRows() {
  rows.length = 0;
  missed = 0;
  show("");
}

/** One more reply came at the end of a list whose end is on another page. */
export function tellMissed() {
  show(text("new_replies", ++missed));
}

function show(sentence) {
  const bar = document.querySelector("[data-news]");
  if (!bar) return;
  bar.hidden = !sentence;
  bar.querySelector("[data-words]").textContent = sentence;
}

/** The newest first; the focus goes to it, since the button that asked goes away. */
function showRows() {
  const newest = rows.at(-1)?.element;
  for (const { list, element } of rows) list.prepend(dress(element));
  forgetRows();
  document.getElementById("nothing")?.remove();
  newest?.querySelector("a")?.focus();
}

addEventListener("click", (event) => event.target.closest?.("button[data-show]") && showRows());
