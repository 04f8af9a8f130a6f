// The log could not give what was missed: the page's own parts are fetched again, what is typed stays.
import { forgetRows } from "../elements/news.js";
import { keepPlace, swap } from "../elements/place.js";
import { speakTimes } from "../elements/times.js";
import { retitle } from "../elements/title.js";
import { page } from "./html.js";

const PARTS = "[data-refresh][id], #badge, #badge-bar, #review-badge, #review-badge-bar, #viewer-state";
const PATIENCE_MS = 20_000;

/** Bring what the page shows up to date; false when it cannot be. */
export async function refresh() {
  try {
    const response = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MS) });
    return response.ok && adopt(page(await response.text()));
  } catch {
    return false;
  }
}

/** Take the fresh page's parts and positions; not those of another page, such as the one to sign in. */
function adopt(fresh) {
  const pairs = [...document.querySelectorAll(PARTS)].map((old) => [old, fresh.getElementById(old.id)]);
  if (pairs.some(([, now]) => !now)) return false;
  for (const [, now] of pairs) speakTimes(document.adoptNode(now));
  keepPlace(() => pairs.forEach(([old, now]) => swap(old, now)));
  for (const now of fresh.querySelectorAll("live-channel")) {
    const mine = document.querySelector(`live-channel[name="${now.getAttribute("name")}"]`);
    for (const name of ["offset", "epoch"]) mine?.setAttribute(name, now.getAttribute(name));
  }
  forgetRows();
  retitle(true);
  return true;
}
