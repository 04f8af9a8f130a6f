// « Déjà fait ailleurs ? »: what is close to the question that is being written, asked for while one writes.
// It never takes the focus; only the answer to the last question is shown. What was asked while there was no
// connection is asked once there is one.
import { announce, text } from "../lib/texts.js";
import { send } from "../live/socket.js";

const PAUSE_MS = 400;

class AlreadyDone extends HTMLElement {
  #asked = 0;
  #pause = 0;
  #unanswered = false;

  connectedCallback() {
    this.form = this.closest("form");
    this.status = this.querySelector("[data-status]");
    // Announced from one place only, and not at each pause of whoever types.
    this.status.removeAttribute("role");
    this.form.addEventListener("input", ({ target }) => {
      if (!["title", "raw", "category_id"].includes(target.name)) return;
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#ask(), PAUSE_MS);
    });
    const back = new MutationObserver(() => this.#unanswered && this.#ask());
    for (const channel of document.querySelectorAll("live-channel")) back.observe(channel, { attributeFilter: ["connected"] });
    // What the server looked up already stays.
    if (!this.status.textContent) this.#ask();
  }

  #ask() {
    const { title, raw, category_id: category } = this.form.elements;
    const seq = ++this.#asked;
    this.#unanswered = true;
    if (!document.querySelector("live-channel[connected]")) return;
    const data = { title: title.value, raw: raw.value, category_id: Number(category.value) || null, seq };
    send("rpc", { method: "similar", data }, ({ data: answer }) => this.#show(answer), () => {});
  }

  #show({ seq, items }) {
    const list = this.querySelector("[data-hits]");
    if (seq !== this.#asked) return;
    this.#unanswered = false;
    // Somebody is among the results: they stay as they are.
    if (list.contains(document.activeElement)) return;
    const before = list.children.length;
    list.replaceChildren(...items.map((item) => this.#hit(item)));
    this.status.textContent = items.length ? text("similar", items.length) : "";
    if (items.length && items.length !== before) announce("similar", items.length, 0);
  }

  #hit({ kind, id, url, title, why }) {
    const hit = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const kinds = this.querySelector("template[data-kinds]").content;
    hit.querySelector(".kind").textContent = kinds.querySelector(`[data-kind="${CSS.escape(kind)}"]`)?.textContent ?? "";
    hit.querySelector(".kind").classList.toggle("kind-ok", kind === "solved");
    Object.assign(hit.querySelector("a"), { href: url, textContent: title });
    hit.querySelector(".why").textContent = why;
    for (const button of hit.querySelectorAll("button")) button.value = id;
    // An organisation is no topic that could answer: one reads what it did.
    if (kind === "organisation") hit.querySelector(".row").remove();
    return hit;
  }
}

customElements.define("already-done", AlreadyDone);
