// What is read does not move, what has the focus keeps it, what is typed stays.

/** Change something, and scroll so that what stands in the window stays where it is. */
export function keepPlace(change) {
  const anchor = firstInView();
  const before = anchor?.getBoundingClientRect().top;
  change();
  const now = anchor && document.getElementById(anchor.id);
  const moved = now ? now.getBoundingClientRect().top - before : 0;
  if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
}

/** The first item whose head is in the window, else the one that fills it. */
function firstInView() {
  const items = [...document.querySelectorAll(".stream > li[id], #topics > li[id]")];
  const from = items.findIndex((item) => item.getBoundingClientRect().bottom > 0);
  const [filling, next] = from < 0 ? [] : items.slice(from, from + 2);
  if (!next || filling.getBoundingClientRect().top >= 0) return filling;
  return next.getBoundingClientRect().top < innerHeight ? next : filling;
}

const held = new WeakMap();

/** Put a fresh element in the place of an old one; when a text is being typed in it, once that is done. */
export function swap(old, fresh) {
  if (isTypedIn(old)) return hold(old, fresh);
  const place = focusIn(old);
  old.replaceWith(fresh);
  if (place) focusAgain(fresh, place);
}

function isTypedIn(root) {
  const fields = root.querySelectorAll("textarea, select, input:not([type=hidden])");
  return [...fields].some((field) => field === document.activeElement || isChanged(field));
}

const isChanged = (field) => "defaultValue" in field && field.value !== field.defaultValue;

function hold(old, fresh) {
  const first = !held.has(old);
  held.set(old, fresh);
  // The focus has not yet arrived where it goes when it leaves.
  if (first) old.addEventListener("focusout", () => setTimeout(() => old.isConnected && swap(old, held.get(old))));
}

/** Where the focus stands: under which known element, and the way from there as child numbers. */
function focusIn(root) {
  const active = document.activeElement;
  if (!root.contains(active)) return null;
  const base = active.closest("post-controls, [id]");
  const path = [];
  for (let node = active; node !== base; node = node.parentElement) {
    path.unshift([...node.parentElement.children].indexOf(node));
  }
  return { selector: base.id ? `#${CSS.escape(base.id)}` : `post-controls[data-post="${base.dataset.post}"]`, path };
}

/** The same control, else its neighbour (the one that takes its place), else the element's first one. */
function focusAgain(fresh, { selector, path }) {
  const base = fresh.matches(selector) ? fresh : fresh.querySelector(selector);
  const same = path.reduce((node, index) => node?.children[index], base);
  for (const node of [same, ...(same?.parentElement?.children ?? []), fresh.querySelector("a[href], button")]) {
    node?.focus({ preventScroll: true });
    if (node && document.activeElement === node) return;
  }
}
