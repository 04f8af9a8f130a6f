// What scripts say stands in the page, in its language: templates/shared/_texts.html.

/** The sentence of this key; {n} is replaced by a number written as the page's language does. */
export function text(key, n) {
  const source = document.getElementById("texts")?.content;
  const few = ["none", "one"][n];
  const span = (few && source?.querySelector(`[data-key="${key}_${few}"]`)) || source?.querySelector(`[data-key="${key}"]`);
  const number = n === undefined ? "" : new Intl.NumberFormat(document.documentElement.lang).format(n);
  return (span?.textContent ?? "").replace("{n}", number);
}

const FIRST_MS = 2000;
const APART_MS = 5000;
const waiting = new Map();
let spoke = 0;

/**
 * Say something politely to screen readers: what comes together is counted and said as one, at most each 5 s.
 * Of what replaces what was there before (`before` is 0) only the last is said.
 */
export function announce(key, n = 1, before = waiting.get(key) ?? 0) {
  if (!waiting.size) setTimeout(sayAll, Math.max(FIRST_MS, spoke + APART_MS - Date.now()));
  waiting.set(key, before + n);
}

function sayAll() {
  spoke = Date.now();
  const words = [...waiting].map(([key, n]) => text(key, n)).join(" ");
  waiting.clear();
  const region = document.querySelector("[data-polite]");
  if (!region) return;
  // Emptied first: the same words said again would not be heard.
  region.textContent = "";
  setTimeout(() => (region.textContent = words), 100);
}

// The gravest first. The code of an end says why it is for good; other codes than these say no more than that.
const GRAVITY = ["signed_out", "stopped", "crowded", "ended", "offline", "stale", "refused"];
const ENDS = { 3500: "signed_out", 3503: "stopped", 3504: "crowded" };
const ABSENCE_MS = 4000;
const holding = new Set();
let absence = 0;
let shown = "";

/** The connection is away, or back; a short absence is nobody's concern. */
export function away(is) {
  if (is) return void (absence ||= setTimeout(notice, ABSENCE_MS, "offline"));
  absence = clearTimeout(absence);
  notice("offline", false);
}

/** The connection has ended for good, with this code. */
export function over(code) {
  notice(ENDS[code] ?? "ended");
}

/** Something about the connection holds, or no longer: the gravest is shown at the foot of the window. */
export function notice(key, holds = true) {
  if (holds) holding.add(key);
  else holding.delete(key);
  const gravest = GRAVITY.find((one) => holding.has(one)) ?? "";
  if (gravest === shown) return;
  if (shown === "offline" && !gravest) announce("back");
  shown = gravest;
  show();
}

function show() {
  const note = document.querySelector("[data-connection]");
  if (!note) return;
  const writing = shown && document.querySelector("[data-composer]");
  note.querySelector("[data-words]").textContent = `${text(shown)} ${writing ? text("text_stays") : ""}`.trim();
  note.querySelector("[data-sign-in]").hidden = shown !== "signed_out";
  note.hidden = !shown;
}
