// The composer: a draft kept at once, a toolbar, a preview, files, a reply addressed to a post.
import "./draft.js";
import { quotation } from "../lib/markup.js";
import { text } from "../lib/texts.js";
import { type } from "./typing.js";

const form = document.querySelector("[data-composer]");
const field = form.elements.raw;
const tools = form.querySelector("[data-tools]");

/** Do what a button of the toolbar stands for. */
export async function mark(button) {
  const toolbar = await import("./toolbar.js");
  toolbar.mark(field, button.dataset.mark);
}

/** Show the text as it will look. */
export async function preview(button) {
  const { showPreview } = await import("./preview.js");
  await showPreview(form, button.textContent.trim());
}

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
import("./attach.js").then(({ startAttaching }) => startAttaching(form), () => {});
if (tools) import("./toolbar.js").then(({ startToolbar }) => startToolbar(tools), () => {});
