// One WebSocket a page, Centrifuge's protocol: what <live-channel> elements name, from where they stand.
import { backoff, mayReturn } from "../lib/backoff.js";
import { text } from "../lib/texts.js";

const HIDDEN_MS = 5 * 60_000;
const SAY_OFFLINE_MS = 3000;

const channels = () => [...document.querySelectorAll("live-channel")];
const named = (name) => channels().find((element) => element.getAttribute("name") === name);

class Connection {
  #socket = null;
  #attempt = 0;
  #commands = new Map();
  #lastId = 0;
  #ended = false;
  #retry = 0;
  #watchdog = 0;
  #silence = 60_000;
  #offline = 0;

  open() {
    if (this.#socket || this.#ended || document.hidden) return;
    clearTimeout(this.#retry);
    const url = new URL(document.documentElement.dataset.live, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.#socket = new WebSocket(url));
    socket.onopen = () => this.#connect();
    socket.onmessage = (event) => event.data.split("\n").forEach((line) => line && this.#read(JSON.parse(line)));
    socket.onclose = (event) => socket === this.#socket && this.#closed(event.code);
  }

  close() {
    const socket = this.#socket;
    this.#forget();
    socket?.close();
  }

  #connect() {
    const own = channels().filter((element) => element.hasAttribute("server-side"));
    const subs = Object.fromEntries(own.map((element) => [element.getAttribute("name"), position(element)]));
    const data = { locale: document.documentElement.lang };
    this.#send("connect", { data, subs }, (result) => this.#connected(result));
  }

  #connected(result) {
    this.#attempt = 0;
    this.#silence = (result.ping + 15) * 1000;
    this.#sayOnline();
    for (const [name, sub] of Object.entries(result.subs ?? {})) this.#subscribed(named(name), sub);
    for (const element of channels()) {
      if (!element.hasAttribute("server-side") && !element.hasAttribute("refused")) this.#subscribe(element);
    }
  }

  #subscribe(element) {
    const wish = { channel: element.getAttribute("name"), ...position(element) };
    this.#send("subscribe", wish, (result) => this.#subscribed(element, result), (error) => {
      if (error.code === 103) element.setAttribute("refused", "");
    });
  }

  async #subscribed(element, result) {
    if (!element) return;
    if (!result.recovered) {
      const { refresh } = await import("./refresh.js");
      if (await refresh()) element.setAttribute("connected", "");
      else element.setAttribute("stale", "");
      return;
    }
    for (const publication of result.publications ?? []) take(element, publication);
    await applied;
    element.setAttribute("connected", "");
  }

  #read(message) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#socket?.close(), this.#silence);
    if (Object.keys(message).length === 0) return this.#socket?.send("{}");
    if (message.push) return this.#pushed(message.push);
    const command = this.#commands.get(message.id);
    this.#commands.delete(message.id);
    if (message.error) command?.refused?.(message.error);
    else command?.answered(message[command.method] ?? {});
  }

  #pushed({ channel, pub, unsubscribe }) {
    const element = named(channel);
    if (!element) return;
    if (pub) take(element, pub);
    if (unsubscribe) {
      element.removeAttribute("connected");
      if (unsubscribe.code >= 2500) this.#subscribe(element);
      else element.setAttribute("refused", "");
    }
  }

  #send(method, params, answered, refused) {
    const id = ++this.#lastId;
    this.#commands.set(id, { method, answered, refused });
    this.#socket.send(JSON.stringify({ id, [method]: params }));
  }

  #closed(code) {
    this.#forget();
    this.#ended ||= !mayReturn(code);
    if (this.#ended) return;
    this.#retry = setTimeout(() => this.open(), backoff(this.#attempt++));
    this.#offline ||= setTimeout(() => sayConnection(text("offline")), SAY_OFFLINE_MS);
  }

  #forget() {
    this.#socket = null;
    this.#commands.clear();
    clearTimeout(this.#watchdog);
    for (const element of channels()) element.removeAttribute("connected");
  }

  #sayOnline() {
    clearTimeout(this.#offline);
    this.#offline = 0;
    sayConnection("");
  }
}

function position(element) {
  return { recover: true, offset: Number(element.getAttribute("offset")), epoch: element.getAttribute("epoch") };
}

let applied = Promise.resolve();

/** Apply a publication once, in order; the element's offset says what the page shows. */
function take(element, { offset, data }) {
  if (offset <= Math.max(element.seen ?? 0, Number(element.getAttribute("offset")))) return;
  element.seen = offset;
  applied = applied.then(async () => {
    (await import("./patches.js")).apply(data);
    element.setAttribute("offset", offset);
  }).catch(console.error);
}

function sayConnection(sentence) {
  const notice = document.querySelector("[data-connection]");
  if (!notice) return;
  notice.hidden = !sentence;
  notice.querySelector("[data-words]").textContent = sentence;
}

const connection = new Connection();
let sleep = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(sleep);
  if (document.hidden) sleep = setTimeout(() => connection.close(), HIDDEN_MS);
  else connection.open();
});
addEventListener("online", () => connection.open());
addEventListener("pagehide", () => connection.close());
addEventListener("pageshow", () => connection.open());
