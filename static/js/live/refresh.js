// The log could not give what was missed: the page's own parts are fetched again, what is typed stays.
import { announce, text } from "../lib/texts.js";
import { speakTimes } from "../elements/times.js";
import { page } from "./html.js";

let underWay = null;

/** Bring what the page shows up to date; false when it cannot be. */
export function refresh() {
  underWay ??= run().finally(() => (underWay = null));
  return underWay;
}

async function run() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.statusText);
    adopt(page(await response.text()));
    return true;
  } catch {
    announce(text("stale"));
    return false;
  }
}

function adopt(fresh) {
  for (const old of document.querySelectorAll("[data-refresh], #badge, #badge-bar")) {
    const now = fresh.getElementById(old.id);
    if (now && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(now));
  }
  for (const channel of fresh.querySelectorAll("live-channel")) {
    const mine = document.querySelector(`live-channel[name="${CSS.escape(channel.getAttribute("name"))}"]`);
    if (mine) mine.seen = 0;
    for (const name of ["offset", "epoch"]) mine?.setAttribute(name, channel.getAttribute(name));
  }
  const state = fresh.getElementById("viewer-state");
  if (state) document.getElementById("viewer-state")?.replaceWith(document.adoptNode(state));
  speakTimes();
}
