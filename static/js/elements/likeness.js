// An element in the place of another one; where somebody is, only what differs is touched.

// What the browser's side adds to elements and the server does not know of.
const OURS = ["tabindex", "open", "aria-busy", "aria-disabled"];

/** Put `fresh` in the place of `old`. What has the focus, or is selected, stays itself where it can. */
export function become(old, fresh) {
  if (isSomebodyIn(old)) liken(old, fresh);
  else old.replaceWith(fresh);
}

function isSomebodyIn(node) {
  return node.contains(document.activeElement) || getSelection().containsNode(node, true);
}

function liken(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) return void (old.data = fresh.data);
  likeAttributes(old, fresh);
  const wanted = [...fresh.childNodes];
  let at = old.firstChild;
  for (const node of wanted) {
    const twin = twinOf(node, at, wanted);
    if (twin) bring(twin, at);
    else old.insertBefore(node, at);
    if (twin) at = twin.nextSibling;
    if (twin && !twin.isEqualNode(node)) become(twin, node);
  }
  for (const node of from(at)) node.remove();
}

function likeAttributes(old, fresh) {
  const gone = old.getAttributeNames().filter((name) => !fresh.hasAttribute(name) && !OURS.includes(name));
  for (const name of gone) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

/** What stands for a node among what is left: by its id; else its equal; else the first of its kind that nobody wants. */
function twinOf(node, at, wanted) {
  if (node.nodeType !== Node.ELEMENT_NODE) return at?.nodeName === node.nodeName ? at : null;
  const left = from(at);
  const alike = left.filter(({ nodeName, id }) => nodeName === node.nodeName && id === node.id);
  if (node.id) return alike[0];
  const isWanted = (one) => wanted.some((other) => other.isEqualNode(one));
  return alike.find((one) => one.isEqualNode(node)) ?? alike.find((one) => !isWanted(one));
}

/** An element and those that follow it. */
function from(at) {
  const nodes = [];
  for (let node = at; node; node = node.nextSibling) nodes.push(node);
  return nodes;
}

/** Put a node before another one; what has the focus would lose it, so what stands between goes behind it. */
function bring(twin, at) {
  if (twin === at) return;
  const left = from(at);
  if (twin.contains(document.activeElement)) twin.after(...left.slice(0, left.indexOf(twin)));
  else at.before(twin);
}
