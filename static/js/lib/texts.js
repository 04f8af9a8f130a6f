// What scripts say stands in the page, in its language: templates/shared/_texts.html.

/** The sentence of this key; {n} is replaced by a number written as the page's language does. */
export function text(key, n) {
  const source = document.getElementById("texts")?.content;
  const span = (n === 1 && source?.querySelector(`[data-key="${key}_one"]`)) || source?.querySelector(`[data-key="${key}"]`);
  const number = n === undefined ? "" : new Intl.NumberFormat(document.documentElement.lang).format(n);
  return (span?.textContent ?? "").replace("{n}", number);
}

const waiting = new Map();

/** Say something politely to screen readers; what comes within two seconds is counted and said as one. */
export function announce(key, n = 1) {
  if (!waiting.size) {
    // Emptied first: the same words said again would not be heard.
    say("");
    setTimeout(sayAll, 2000);
  }
  waiting.set(key, (waiting.get(key) ?? 0) + n);
}

function sayAll() {
  say([...waiting].map(([key, n]) => text(key, n)).join(" "));
  waiting.clear();
}

function say(words) {
  const region = document.querySelector("[data-polite]");
  if (region) region.textContent = words;
}

/** Show what is to be known of the connection; nothing, when it is well. */
export function showConnection(sentence) {
  const notice = document.querySelector("[data-connection]");
  if (!notice) return;
  notice.hidden = !sentence;
  notice.querySelector("[data-words]").textContent = sentence;
}
