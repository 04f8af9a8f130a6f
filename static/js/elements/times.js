// <time> in the reader's own words: "5 minutes ago" when recent, the full moment on hover.
const lang = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" });
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];

/** Rewrite the times within an element. */
export function speakTimes(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) speak(time);
}

function speak(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) return;
  time.title ||= absolute.format(at);
  const words = inWords((at - Date.now()) / 1000);
  if (words) time.textContent = words;
}

function inWords(seconds) {
  const age = Math.abs(seconds);
  if (age >= 7 * 86400) return null;
  const [unit, size] = STEPS.findLast(([, length]) => age >= length) ?? STEPS[0];
  return relative.format(Math.round(seconds / size), unit);
}

speakTimes();
setInterval(speakTimes, 60_000);
