// The only insertion of markup. What comes here was rendered and sanitised by our server.
const rules = { createHTML: (html) => html };
const policy = globalThis.trustedTypes?.createPolicy("relais", rules) ?? rules;

/** The elements of a piece of HTML from our server. */
export function elements(html) {
  const holder = document.createElement("template");
  holder.innerHTML = policy.createHTML(html);
  return [...holder.content.children];
}

/** A whole page from our server, as a document apart. */
export function page(html) {
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}
