// What the page's <live-channel>s name, from where they stand: each event once, in order, or a refresh.
import { backoff } from "../lib/backoff.js";
import { announce, showConnection, text } from "../lib/texts.js";
import { Socket } from "./socket.js";

const HIDDEN_MS = 5 * 60_000;
const SAY_OFFLINE_MS = 3000;

const channels = () => [...document.querySelectorAll("live-channel")];
const nameOf = (element) => element.getAttribute("name");
const named = (name) => channels().find((element) => nameOf(element) === name);
const offsetOf = (element) => Number(element.getAttribute("offset"));
const position = (element) => ({ recover: true, offset: offsetOf(element), epoch: element.getAttribute("epoch") });

const url = new URL(document.documentElement.dataset.live, location.href);
url.protocol = url.protocol.replace("http", "ws");
export const socket = new Socket(url, { hello, connected, pushed, lost, ended: () => leave(text("ended")) });
// Changes whenever the connection does: what was begun during another one is dropped.
let session = 0;
let offline = 0;

function hello() {
  const subs = {};
  for (const element of channels()) if (element.matches("[server-side]")) subs[nameOf(element)] = position(element);
  return { data: { locale: document.documentElement.lang }, subs };
}

function connected({ subs = {} }) {
  forget();
  say("");
  for (const [name, sub] of Object.entries(subs)) subscribed(named(name), sub);
  for (const element of channels()) if (!element.matches("[server-side], [refused]")) subscribe(element);
}

function subscribe(element, attempt = 0) {
  const wish = { channel: nameOf(element), ...position(element) };
  socket.send("subscribe", wish, (result) => subscribed(element, result), ({ code, temporary }) => {
    if (temporary) later(attempt, () => subscribe(element, attempt + 1));
    else if (code === 103) element.setAttribute("refused", "");
  });
}

function subscribed(element, result) {
  if (!element) return;
  if (!result.recovered) return inOrder(() => renew(element, result));
  for (const publication of result.publications ?? []) take(element, publication);
  inOrder(() => element.setAttribute("connected", ""));
}

function pushed({ channel, pub, unsubscribe }) {
  const element = named(channel);
  if (element && pub) take(element, pub, true);
  if (!element || !unsubscribe) return;
  element.removeAttribute("connected");
  if (unsubscribe.code >= 2500) subscribe(element);
  else element.setAttribute("refused", "");
}

let queue = Promise.resolve();

/** What changes the page is done one after the other; what fails is asked for again from the page's offset. */
function inOrder(job) {
  const during = session;
  queue = queue.then(() => during === session && job()).catch(() => during === session && socket.restart());
}

function later(attempt, job) {
  const during = session;
  setTimeout(() => during === session && job(), backoff(attempt));
}

/** Apply a publication once; the element's offset says what the page shows. A hole is never skipped. */
function take(element, { offset, data }, live) {
  inOrder(async () => {
    if (offset <= offsetOf(element) || element.matches("[stale]")) return;
    if (live && offset > offsetOf(element) + 1) throw new Error("not the next one");
    const { apply } = await import("./patches.js");
    if (!apply(data)) await (await import("./refresh.js")).refresh();
    if (offset > offsetOf(element)) element.setAttribute("offset", offset);
  });
}

/** The log cannot give what was missed: the page's parts are fetched again, once for all its channels. */
async function renew(element, result, attempt = 0) {
  const { refresh } = await import("./refresh.js");
  const shown = () => element.getAttribute("epoch") === result.epoch && offsetOf(element) >= result.offset;
  const fresh = shown() || (await refresh());
  element.toggleAttribute("stale", !fresh);
  element.toggleAttribute("connected", fresh);
  if (fresh) return;
  if (!attempt) announce("stale");
  later(attempt + 2, () => inOrder(() => renew(element, result, attempt + 1)));
}

function forget() {
  session += 1;
  for (const element of channels()) element.removeAttribute("connected");
}

function lost() {
  forget();
  offline ||= setTimeout(() => showConnection(text("offline")), SAY_OFFLINE_MS);
}

function leave(sentence = "") {
  socket.close();
  forget();
  say(sentence);
}

function say(sentence) {
  clearTimeout(offline);
  offline = 0;
  showConnection(sentence);
}

let sleep = 0;
function wake() {
  clearTimeout(sleep);
  if (document.hidden) sleep = setTimeout(leave, HIDDEN_MS);
  socket.open();
}
document.addEventListener("visibilitychange", wake);
addEventListener("online", () => document.hidden || socket.open());
addEventListener("pagehide", () => leave());
addEventListener("pageshow", (event) => event.persisted && wake());
wake();
