// What scripts say stands in the page, in its language: templates/shared/_texts.html.

/** The sentence of this key; {n} is replaced by a number written as the page's language does. */
export function text(key, n) {
  const source = document.getElementById("texts")?.content;
  const span = (n === 1 && source?.querySelector(`[data-key="${key}_one"]`)) || source?.querySelector(`[data-key="${key}"]`);
  const number = n === undefined ? "" : new Intl.NumberFormat(document.documentElement.lang).format(n);
  return (span?.textContent ?? "").replace("{n}", number);
}

let pending = 0;

/** Say something politely to screen readers; what comes within two seconds is said as one. */
export function announce(sentence) {
  const region = document.querySelector("[data-polite]");
  if (!region) return;
  clearTimeout(pending);
  pending = setTimeout(() => (region.textContent = sentence), 2000);
}
