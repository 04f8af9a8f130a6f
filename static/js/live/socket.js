// The page's WebSocket, which comes back by itself. Centrifuge's client protocol, JSON: commands, replies, pushes.
import { backoff, mayReturn } from "../lib/backoff.js";

const OPENING_MS = 20_000;
const url = new URL(document.documentElement.dataset.live, location.href);
url.protocol = url.protocol.replace("http", "ws");

/** What the server said to the connection that there is; null while there is none. */
export let welcome = null;

const commands = new Map();
let host = null;
let socket = null;
let attempt = 0;
let lastId = 0;
let overdue = 0;
let over = false;
let retry = 0;
let watchdog = 0;
let deadline = 0;
let silence = 0;

/** Say who is asked for its hello(), and told: connected(result), pushed(push), stopped(), lost(), ended(code). */
export function serve(whom) {
  host = whom;
}

/** Be connected, without waiting; a connection that has been silent for too long counts as none. */
export function open() {
  // Timers stand still while the computer sleeps, dates do not.
  if (over || (socket && Date.now() < deadline)) return;
  close();
  socket = new WebSocket(url);
  socket.onopen = greet;
  socket.onmessage = ({ data }) => data.split("\n").forEach((line) => line && read(line));
  socket.onclose = ({ code }) => end(code);
  silence = OPENING_MS;
  watch();
}

/** Leave, and do not come back before `open`. */
export function close() {
  clearTimeout(retry);
  clearTimeout(watchdog);
  commands.clear();
  const left = socket;
  socket = welcome = null;
  if (left) left.onopen = left.onmessage = left.onclose = null;
  left?.close();
  host.stopped();
}

/** As if the server had closed with this code: where it lets us, come back; nobody waits for a dead peer. */
export function end(code, final = !mayReturn(code)) {
  close();
  over = final;
  if (over) return host.ended(code);
  retry = setTimeout(open, backoff(attempt++));
  host.lost();
}

/** Send a command; its reply is handled in the order in which it comes among the pushes. */
export function send(method, params, answered, refused) {
  commands.set(++lastId, { method, answered, refused });
  socket?.send(JSON.stringify({ id: lastId, [method]: params }));
}

function greet() {
  send("connect", host.hello(), welcomed, ({ code, temporary }) => end(code, !temporary));
}

function welcomed(result) {
  welcome = result;
  silence = ((result.ping || 25) + 10) * 1000;
  host.connected(result);
}

function read(line) {
  // After a goodbye nothing counts.
  if (!socket) return;
  watch();
  if (line === "{}") return pinged();
  const { id, push, error, ...results } = JSON.parse(line);
  if (push?.disconnect) return end(push.disconnect.code);
  if (push) return host.pushed(push);
  const { method, answered, refused } = commands.get(id) ?? {};
  commands.delete(id);
  if (error) refused?.(error);
  else answered?.(results[method] ?? {});
}

/** Only a connection that has lasted to its first ping makes the next return a quick one. */
function pinged() {
  attempt = 0;
  if (welcome.pong) socket.send("{}");
  // What waits for its answer from one ping to the next will not have one.
  const [oldest] = commands.keys();
  if (oldest <= overdue) end();
  overdue = lastId;
}

function watch() {
  clearTimeout(watchdog);
  watchdog = setTimeout(end, silence);
  deadline = Date.now() + silence;
}
