// The figures of the administration's live page, asked for again while somebody looks at them.
// They change silently: what a screen reader is reading stays where it is, and a button stops it all.
import { elements } from "../live/html.js";
import { send } from "../live/socket.js";

const EVERY_MS = 2000;
// An answer that does not come went down with its connection.
const PATIENCE_MS = 10_000;
const REFUSED = 104;

const figures = (root) => [...root.querySelectorAll("[data-figure]")];
const names = (root) => figures(root).map(({ dataset }) => dataset.figure).join(" ");

class LiveState extends HTMLElement {
  #asked = -Infinity;

  connectedCallback() {
    this.pause = this.querySelector("[data-pause]");
    for (const part of this.querySelectorAll("[data-pause], [data-every]")) part.hidden = false;
    this.pause.addEventListener("click", () => this.#toggle());
    document.addEventListener("visibilitychange", () => this.#ask());
    setInterval(() => this.#ask(), EVERY_MS);
  }

  get #idle() {
    return document.hidden || this.pause.getAttribute("aria-pressed") === "true";
  }

  #toggle() {
    this.pause.setAttribute("aria-pressed", this.pause.getAttribute("aria-pressed") !== "true");
    this.#ask();
  }

  #ask() {
    const connected = document.querySelector("live-channel[connected]");
    const waiting = performance.now() - this.#asked < PATIENCE_MS;
    if (this.#idle || waiting || !connected) return;
    this.#asked = performance.now();
    const answered = (act) => (answer) => {
      this.#asked = -Infinity;
      act(answer);
    };
    const show = answered(({ data }) => this.#show(data.html));
    send("rpc", { method: "live_state" }, show, answered(({ code }) => code === REFUSED && this.#stop()));
  }

  /** No longer an administrator: the figures stay as they are, and nothing is asked any more. */
  #stop() {
    this.#asked = Infinity;
    for (const part of this.querySelectorAll("[data-pause], [data-every]")) part.hidden = true;
  }

  /** Only what differs is written; a table that has other rows than before is another one. */
  #show(html) {
    if (this.#idle) return;
    const [fresh] = elements(html);
    for (const table of fresh.querySelectorAll("[data-rows]")) {
      const shown = this.querySelector(`#${table.id}`);
      if (names(shown) !== names(table)) shown.replaceWith(table.cloneNode(true));
    }
    for (const { dataset, textContent } of figures(fresh)) {
      const shown = this.querySelector(`[data-figure="${dataset.figure}"]`);
      if (shown && shown.textContent !== textContent) shown.textContent = textContent;
    }
  }
}

customElements.define("live-state", LiveState);
