// What the search finds while one types: a list under the field, asked for over the live connection.
// The focus stays in the field. Enter with nothing chosen searches, as it does without scripts.
import { announce, text } from "../lib/texts.js";
import { open, send, welcome } from "../live/socket.js";

const PAUSE_MS = 200;
const LEAST = 3;
const RETRIES = 25;
const helped = new WeakSet();

/** Show under a search field what it finds while one types in it. */
export function help(field) {
  if (!helped.has(field)) new Finder(field);
  helped.add(field);
}

class Finder {
  #asked = 0;
  #pause = 0;

  constructor(field) {
    this.field = field;
    this.list = document.createElement("div");
    this.list.id = `${field.id}-found`;
    this.list.className = "found";
    this.list.hidden = true;
    set(this.list, { role: "listbox", "aria-label": text("found_here") });
    // A field of type "search" may not be a combobox, and clears itself on Escape.
    set(field, {
      type: "text", enterkeyhint: "search", autocomplete: "off", role: "combobox",
      "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "false",
    });
    field.after(this.list);
    field.addEventListener("input", () => this.#later());
    field.addEventListener("keydown", (event) => this.#press(event));
    field.addEventListener("blur", () => this.#close());
    // A press on a result leaves the focus where it is, so that the list is still there to be pressed.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    if (!welcome) open();
    if (field.value !== field.defaultValue) this.#later();
  }

  #later() {
    clearTimeout(this.#pause);
    const seq = ++this.#asked;
    if (this.field.value.trim().length < LEAST) return this.#close();
    this.#pause = setTimeout(() => this.#ask(seq), PAUSE_MS);
  }

  #ask(seq, retries = RETRIES) {
    if (seq !== this.#asked) return;
    if (welcome) {
      const data = { q: this.field.value, seq };
      send("rpc", { method: "search", data }, ({ data: answer }) => this.#show(answer), () => this.#close());
    } else if (retries) {
      this.#pause = setTimeout(() => this.#ask(seq, retries - 1), PAUSE_MS);
    }
  }

  #show({ seq, items }) {
    if (seq !== this.#asked || document.activeElement !== this.field) return;
    this.list.replaceChildren(...items.map((item, n) => this.#option(item, n)));
    this.#choose(null);
    this.#open(items.length > 0);
    announce("found", items.length, 0);
  }

  #option({ url, title, label }, n) {
    const option = document.createElement("a");
    const what = document.createElement("span");
    const name = document.createElement("bdi");
    set(option, { id: `${this.list.id}-${n}`, role: "option", "aria-selected": "false", href: url, tabindex: "-1" });
    name.textContent = title;
    what.textContent = label;
    what.className = "meta";
    option.append(name, " ", what);
    return option;
  }

  #press(event) {
    const { key, isComposing } = event;
    const chosen = this.list.querySelector('[aria-selected="true"]');
    if (isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") this.#move(chosen, key === "ArrowDown");
    else if (key === "Escape" && !this.list.hidden) this.#close();
    else if (key === "Enter" && chosen) chosen.click();
    else return;
    event.preventDefault();
  }

  /** One further, or back; beyond either end stands the field itself. */
  #move(chosen, down) {
    if (this.list.hidden) return this.#later();
    const next = down ? chosen?.nextElementSibling : chosen?.previousElementSibling;
    this.#choose(chosen ? next : down ? this.list.firstElementChild : this.list.lastElementChild);
  }

  #choose(option) {
    this.list.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #open(is) {
    this.list.hidden = !is;
    this.field.setAttribute("aria-expanded", is);
  }

  /** What was asked for before is not shown any more. */
  #close() {
    clearTimeout(this.#pause);
    this.#asked += 1;
    this.#choose(null);
    this.#open(false);
  }
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
