// <time> in the reader's own words: "5 minutes ago" when recent, the full moment on hover; both in the zone
// that the member has chosen, else in the browser's. A sentence that says "on" keeps its date (data-dates).
const { lang, dataset: { zone } } = document.documentElement;
const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short", timeZone: zone });
const day = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: zone });
// What came with the page is in the member's zone already; what is pushed is the same for everyone.
const came = new WeakSet(document.querySelectorAll("time"));
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];

/** Rewrite the times within an element. */
export function speakTimes(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) speak(time);
}

function speak(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) return;
  time.title ||= absolute.format(at);
  const words = time.closest("[data-dates]") ? null : inWords((at - Date.now()) / 1000);
  if (words) time.textContent = words;
  else if (zone && !came.has(time)) time.textContent = ("day" in time.dataset ? day : absolute).format(at);
}

function inWords(seconds) {
  const age = Math.abs(seconds);
  if (age >= 7 * 86400) return null;
  const [unit, size] = STEPS.findLast(([, length]) => age >= length) ?? STEPS[0];
  return relative.format(Math.round(seconds / size), unit);
}

speakTimes();
setInterval(speakTimes, 60_000);
