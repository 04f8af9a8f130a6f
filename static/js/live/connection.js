// What the page's <live-channel>s name, from where they stand: each event once, in order, or a refresh.
import { backoff } from "../lib/backoff.js";
import { away, notice, over } from "../lib/texts.js";
import * as socket from "./socket.js";

const HIDDEN_MS = 5 * 60_000;

const channels = (which = "") => [...document.querySelectorAll(`live-channel${which}`)];
const nameOf = (element) => element.getAttribute("name");
const offsetOf = (element) => Number(element.getAttribute("offset"));
const epochOf = (element) => element.getAttribute("epoch");
const position = (element) => ({ recover: true, offset: offsetOf(element), epoch: epochOf(element) });

// Changes whenever the connection does: what was begun during another one is dropped.
let session = 0;

function hello() {
  const subs = Object.fromEntries(channels("[server-side]").map((element) => [nameOf(element), position(element)]));
  return { data: { locale: document.documentElement.lang }, subs };
}

function connected({ subs = {} }) {
  const own = channels("[server-side]");
  // Another person's cookie than the page's, or none: it is nobody's page any more.
  if (own.some((element) => !subs[nameOf(element)])) return socket.end(3500);
  away(false);
  notice("stale", false);
  for (const element of own) subscribed(element, subs[nameOf(element)]);
  for (const element of channels(":not([server-side], [refused])")) subscribe(element);
}

function subscribe(element, attempt = 0) {
  const wish = { channel: nameOf(element), ...position(element) };
  socket.send("subscribe", wish, (result) => subscribed(element, result), ({ code, temporary }) => {
    if (temporary) later(attempt, () => subscribe(element, attempt + 1));
    else if (code === 112) inOrder(() => refreshed().then(() => socket.end()));
    else refuse(element);
  });
}

function subscribed(element, result) {
  if (!result.recovered) return renew(element, result);
  for (const publication of result.publications ?? []) take(element, publication);
  inOrder(() => element.setAttribute("connected", ""));
}

function pushed({ channel, pub, subscribe: joined, unsubscribe: left }) {
  const [element] = channels(`[name="${channel}"]`);
  if (!element) return;
  if (pub) take(element, pub, true);
  if (joined) subscribed(element, joined);
  if (!left) return;
  element.removeAttribute("connected");
  if (left.code < 2500) refuse(element);
  else later(0, () => subscribe(element));
}

/** The channel is over for this page; what it shows stays. */
function refuse(element) {
  element.setAttribute("refused", "");
  notice("refused");
}

let queue = Promise.resolve();

/** What changes the page is done one after the other; what fails is asked for again from the page's offset. */
function inOrder(job) {
  const during = session;
  queue = queue.then(() => during === session && job()).catch(() => during === session && socket.end());
}

function later(attempt, job) {
  const during = session;
  setTimeout(() => during === session && job(), backoff(attempt));
}

/** Apply a publication once; the element's offset says what the page shows. A hole is never skipped. */
function take(element, { offset, data }, live) {
  inOrder(async () => {
    if (offset <= offsetOf(element) || (live && !element.matches("[connected]"))) return;
    if (live && offset > offsetOf(element) + 1) throw new Error("not the next one");
    const { apply } = await import("./patches.js");
    if (!apply(data) && !(await refreshed())) throw new Error("not shown");
    if (offset > offsetOf(element)) element.setAttribute("offset", offset);
  });
}

const refreshed = async () => (await import("./refresh.js")).refresh();

/** The log cannot give what was missed: the page's parts are fetched again, once for all its channels. */
function renew(element, result, attempt = 0) {
  inOrder(async () => {
    const shown = epochOf(element) === result.epoch && offsetOf(element) >= result.offset;
    const fresh = shown || (await refreshed());
    notice("stale", !fresh && attempt > 0);
    if (fresh) element.setAttribute("connected", "");
    else later(attempt + 2, () => renew(element, result, attempt + 1));
  });
}

function stopped() {
  session += 1;
  for (const element of channels("[connected]")) element.removeAttribute("connected");
}

let sleep = 0;
function wake() {
  clearTimeout(sleep);
  if (document.hidden) sleep = setTimeout(socket.close, HIDDEN_MS);
  if (channels().length) socket.open();
}

/** What was connected was so through another network. */
function moved() {
  if (document.hidden) return;
  socket.close();
  wake();
}

socket.serve({ hello, connected, pushed, stopped, lost: () => away(true), ended: over });
document.addEventListener("visibilitychange", wake);
addEventListener("online", moved);
addEventListener("pagehide", socket.close);
addEventListener("pageshow", (event) => event.persisted && wake());
wake();
