// What is read does not move, what has the focus keeps it, what is typed stays.
import { become } from "./likeness.js";

/** Change something, and scroll so that what one looks at stays where it is. */
export function keepPlace(change) {
  const anchor = fieldInView() ?? firstInView();
  const before = anchor?.getBoundingClientRect().top;
  change();
  const now = anchor && (anchor.isConnected ? anchor : document.getElementById(anchor.id));
  const moved = now ? now.getBoundingClientRect().top - before : 0;
  if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
}

/** Whoever writes looks at the text. */
function fieldInView() {
  const field = document.activeElement.closest("textarea, input, select");
  const { top, bottom } = field?.getBoundingClientRect() ?? {};
  return bottom > 0 && top < innerHeight ? field : null;
}

/** The first item whose head is in the window, else the one that fills it. */
function firstInView() {
  const items = [...document.querySelectorAll(".stream > li[id], #topics > li[id]")];
  const from = items.findIndex((item) => item.getBoundingClientRect().bottom > 0);
  const [filling, next] = from < 0 ? [] : items.slice(from, from + 2);
  if (!next || filling.getBoundingClientRect().top >= 0) return filling;
  return next.getBoundingClientRect().top < innerHeight ? next : filling;
}

/** Put a fresh element in the place of an old one; when a text is being typed in it, once that is done. */
export function swap(old, fresh) {
  if (isTypedIn(old)) return whenLeft(old, () => swap(old, fresh));
  waiting.delete(old);
  keepFocus(old, () => become(old, fresh));
}

/** Do something to an element, but not while somebody is in it. */
export function whenFree(element, change) {
  const taken = element.contains(document.activeElement) || isTypedIn(element);
  if (taken) return whenLeft(element, () => whenFree(element, change));
  waiting.delete(element);
  change();
}

function isTypedIn(root) {
  const fields = root.querySelectorAll("textarea, select, input:not([type=hidden])");
  return [...fields].some((field) => field === document.activeElement || isChanged(field));
}

const isChanged = (field) => "defaultValue" in field && field.value !== field.defaultValue;

const waiting = new WeakMap();

/** Try something again when the focus has left an element; of what waits there, only the last is done. */
function whenLeft(element, again) {
  // The focus has not yet arrived where it goes when it leaves.
  if (!waiting.has(element)) element.addEventListener("focusout", () => setTimeout(resume, 0, element), { once: true });
  waiting.set(element, again);
}

function resume(element) {
  const again = waiting.get(element);
  waiting.delete(element);
  if (element.isConnected) again?.();
}

/** Where what has the focus goes away, the focus goes to what is nearest. */
function keepFocus(root, change) {
  const active = document.activeElement;
  const around = [];
  for (let node = active; root.contains(node); node = node.parentElement) around.push(node);
  change();
  if (!around.length || (active.isConnected && active.checkVisibility())) return;
  const near = around.filter((node) => node.isConnected);
  const controls = near.flatMap((node) => [...node.querySelectorAll("a[href], button")]);
  controls.find((node) => node.checkVisibility())?.focus({ preventScroll: true });
}
