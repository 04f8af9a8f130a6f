// One WebSocket that comes back by itself. Centrifuge's client protocol, JSON: commands, replies, pushes.
import { backoff, mayReturn } from "../lib/backoff.js";

const OPENING_MS = 20_000;

/** A connection; `host` has hello() and is told connected(result), pushed(push), lost() and ended(). */
export class Socket {
  #socket = null;
  #attempt = 0;
  #commands = new Map();
  #lastId = 0;
  #ended = false;
  #retry = 0;
  #watchdog = 0;
  #silence = OPENING_MS;
  #pong = false;

  constructor(url, host) {
    Object.assign(this, { url, host });
  }

  open() {
    clearTimeout(this.#retry);
    if (this.#socket || this.#ended) return;
    const socket = (this.#socket = new WebSocket(this.url));
    socket.onopen = () => this.#connect();
    socket.onmessage = ({ data }) => data.split("\n").forEach((line) => line && this.#read(line));
    socket.onclose = ({ code }) => this.#closed(code);
    this.#silence = OPENING_MS;
    this.#watch();
  }

  /** Leave without coming back by itself. */
  close() {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#commands.clear();
    const socket = this.#socket;
    this.#socket = null;
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    socket?.close();
  }

  /** Leave and come back, without waiting for the goodbye of a dead peer. */
  restart() {
    this.#closed(0);
  }

  /** Send a command; its reply is handled in the order in which it comes among the pushes. */
  send(method, params, answered, refused) {
    const id = ++this.#lastId;
    this.#commands.set(id, { method, answered, refused });
    this.#socket?.send(JSON.stringify({ id, [method]: params }));
  }

  #connect() {
    this.send("connect", this.host.hello(), (result) => {
      this.#silence = ((result.ping ?? 25) + 10) * 1000;
      this.#pong = result.pong;
      this.host.connected(result);
    }, () => this.restart());
  }

  #read(line) {
    this.#watch();
    if (line === "{}") return this.#pinged();
    const message = JSON.parse(line);
    if (message.push) return this.host.pushed(message.push);
    const { method, answered, refused } = this.#commands.get(message.id) ?? {};
    this.#commands.delete(message.id);
    if (message.error) refused?.(message.error);
    else answered?.(message[method] ?? {});
  }

  /** Only a connection that has lasted to its first ping makes the next return a quick one. */
  #pinged() {
    this.#attempt = 0;
    if (this.#pong) this.#socket?.send("{}");
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.restart(), this.#silence);
  }

  #closed(code) {
    this.close();
    this.#ended ||= !mayReturn(code);
    if (this.#ended) return this.host.ended();
    this.#retry = setTimeout(() => this.open(), backoff(this.#attempt++));
    this.host.lost();
  }
}
