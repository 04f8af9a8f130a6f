// What a publication changes on the page. What is read does not move, what is typed is not touched.
import { announce, text } from "../lib/texts.js";
import { dress } from "../elements/slots.js";
import { elements } from "./html.js";

const operations = { append, prepend, replace, remove, set };
const held = [];
let waiting = 0;

/** Apply a publication's patches; unknown operations are ignored. */
export function apply(publication) {
  for (const patch of publication.patches ?? []) keepPlace(() => operations[patch.op]?.(patch));
  const heading = document.querySelector("h1");
  const [, site] = document.title.split(/ – (?=[^–]*$)/);
  if (publication.kind?.startsWith("topic.") && heading && site) document.title = `${heading.textContent} – ${site}`;
}

/** At the end of a list that shows its end; otherwise it is only told. */
function append({ target, html }) {
  const list = document.getElementById(target);
  const [element] = elements(html);
  if (!list || !element || document.getElementById(element.id)) return;
  const own = isOwn(element);
  if ("showsEnd" in list.dataset) list.append(dress(element));
  else showNews("new_replies");
  if (!own) announce(text("new_replies", ++waiting));
}

/** At the head of a list: kept until the reader asks for it. */
function prepend({ target, html }) {
  const list = document.getElementById(target);
  const [element] = elements(html);
  if (!list || !element || document.getElementById(element.id)) return;
  held.push({ list, element });
  showNews("new_topics", held.length);
  announce(text("new_topics", held.length));
}

/** Another element in the place of this one; held back while a text is typed in it. */
function replace({ target, html }) {
  const old = document.getElementById(target);
  const [element] = elements(html);
  const waitingRow = held.find((item) => item.element.id === target);
  if (waitingRow && element) waitingRow.element = element;
  if (!old || !element) return;
  if (old.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) {
    document.activeElement.addEventListener("blur", () => replace({ target, html }), { once: true });
    return;
  }
  const path = focusPath(old);
  old.replaceWith(dress(element, old));
  if (path) follow(element, path)?.focus({ preventScroll: true });
}

function remove({ target }) {
  const index = held.findIndex((item) => item.element.id === target);
  if (index >= 0) held.splice(index, 1);
  document.getElementById(target)?.remove();
}

function set({ target, text: words, attribute, value }) {
  const element = document.getElementById(target);
  if (!element) return;
  if (attribute) element.setAttribute(attribute, value);
  else element.textContent = words;
}

/** Show what was held back, newest first. */
export function showHeld() {
  const first = held.at(-1)?.element;
  for (const { list, element } of held.splice(0)) {
    document.getElementById(element.id)?.remove();
    list.prepend(dress(element));
  }
  document.getElementById("nothing")?.remove();
  for (const bar of document.querySelectorAll("[data-news]")) bar.hidden = true;
  first?.querySelector("a")?.focus();
}

let missed = 0;

function showNews(key, count = ++missed) {
  const bar = document.querySelector("[data-news]");
  if (!bar) return;
  bar.hidden = false;
  bar.querySelector("[data-words]").textContent = text(key, count);
}

document.querySelector("button[data-show]")?.addEventListener("click", showHeld);

function isOwn(element) {
  const author = element.querySelector("post-controls")?.dataset.author;
  return author !== undefined && Number(author) === viewer().id;
}

/** The viewer's id and votes, as the page gave them. */
export function viewer() {
  const block = document.getElementById("viewer-state");
  return block ? JSON.parse(block.textContent) : { id: null, votes: {} };
}

/** Change something, and scroll so that what stands at the top of the window stays there. */
function keepPlace(change) {
  const anchor = firstVisible();
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (!anchor?.isConnected) return;
  const moved = anchor.getBoundingClientRect().top - before;
  if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
}

function firstVisible() {
  const items = document.querySelectorAll(".stream > li, #topics > li");
  return [...items].find((item) => item.getBoundingClientRect().bottom > 0);
}

/** Where the focus stands in an element, as child numbers, and the way back in another one. */
function focusPath(root) {
  if (!root.contains(document.activeElement)) return null;
  const path = [];
  for (let node = document.activeElement; node !== root; node = node.parentElement) {
    path.unshift([...node.parentElement.children].indexOf(node));
  }
  return path;
}

function follow(root, path) {
  return path.reduce((node, index) => node?.children[index], root);
}
