// What a publication changes on the page. What is read does not move, what is typed is not touched.
import { holdRow, remove, replaceRow, tellMissed } from "../elements/news.js";
import { keepPlace, swap, whenFree } from "../elements/place.js";
import { dress, isOwn } from "../elements/slots.js";
import { retitle } from "../elements/title.js";
import { announce } from "../lib/texts.js";
import { elements } from "./html.js";

const operations = { __proto__: null, append, prepend, replace, remove, set, refresh: () => false };

/** Apply a publication's patches; unknown operations are ignored. False when the page must be read again. */
export function apply({ kind = "", patches = [] }) {
  let done = true;
  keepPlace(() => {
    for (const patch of patches) done = attempt(patch) && done;
  });
  retitle(kind.startsWith("topic."));
  return done;
}

function attempt(patch) {
  try {
    return operations[patch.op]?.(patch) !== false;
  } catch (fault) {
    reportError(fault);
    return false;
  }
}

/** At the end of a list that shows its end; otherwise it is only told. */
function append({ target, html }) {
  const [list, element] = newcomer(target, html);
  if (!element) return;
  const own = isOwn(element);
  if ("showsEnd" in list.dataset) list.append(dress(element));
  else if (!own) tellMissed();
  if (!own) announce("new_replies");
}

/** At the head of a list that holds such rows: kept until the reader asks for it. */
function prepend({ target, html }) {
  const [list, element] = newcomer(target, html);
  if (element) holdRow(list, element);
}

/** A list that is here and an element that is not: once in effect, however often it is told. */
function newcomer(target, html) {
  const list = document.getElementById(target);
  const [element] = elements(html);
  return list && element && !document.getElementById(element.id) ? [list, element] : [];
}

/** Another element in the place of this one. Whoever might have deleted a post may see more of it once it is gone. */
function replace({ target, html }) {
  const [element] = elements(html);
  if (!element) return;
  replaceRow(target, element);
  const old = document.getElementById(target);
  if (!old) return undefined;
  const more = element.matches(".gone") && (isOwn(element) || old.querySelector(".delete"));
  swap(old, dress(element, old));
  return !more;
}

function set({ target, text, attribute, value }) {
  const element = document.getElementById(target);
  if (!element) return;
  if (!attribute) whenFree(element, () => (element.textContent = text));
  else if (value === null) element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}
