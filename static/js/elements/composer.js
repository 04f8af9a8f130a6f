// The composer: a draft kept at once, a toolbar, a preview, a reply addressed to a post.
import "./draft.js";
import { quotation } from "../lib/markup.js";
import { announce, text } from "../lib/texts.js";
import { type } from "./typing.js";

const form = document.querySelector("[data-composer]");
const field = form.elements.raw;
const preview = form.querySelector("[data-preview]");
const tools = form.querySelector("[data-tools]");

/** Answer this card's post, with some of its words quoted or none. */
export function answer(card, quoted) {
  address(card.dataset.number, card.querySelector(".by-name bdi")?.textContent ?? "");
  field.focus();
  if (quoted) quote(card, quoted);
}

function address(number, name) {
  form.elements.reply_to.value = number;
  const line = form.querySelector("[data-reply-to]");
  if (!line) return;
  line.hidden = !number;
  line.querySelector("[data-words]").textContent = text("in_reply_to").replace("{name}", name).replace("{number}", number);
}

function quote(card, words) {
  const { number, username = nameIn(card) } = card.dataset;
  const { topic } = card.closest("[data-topic]").dataset;
  const end = field.value.length;
  const gap = field.value.trim() ? "\n\n".slice(Math.min(2, field.value.match(/\n*$/)[0].length)) : "";
  const added = gap + quotation({ username, number, topic, words });
  type(field, { from: end, to: end, words: added, select: [end + added.length, end + added.length] });
}

function nameIn(card) {
  const path = card.querySelector(".by-name a")?.pathname ?? "";
  return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
}

form.addEventListener("published", () => form.elements.reply_to && address("", ""));
preview?.addEventListener("click", (event) => {
  event.preventDefault();
  import("./preview.js").then(({ showPreview }) => showPreview(form, field, preview), () => announce("not_sent"));
});
if (tools) import("./toolbar.js").then(({ startToolbar }) => startToolbar(tools, field), () => {});
