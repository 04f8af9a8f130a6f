// The buttons above a text field: one stop of the Tab key, arrows within.
import { marks } from "../lib/markup.js";
import { type } from "./typing.js";

/** Make a toolbar one stop of the Tab key. */
export function startToolbar(bar) {
  const buttons = [...bar.querySelectorAll("[data-mark]")];
  for (const button of buttons) button.tabIndex = button === buttons[0] ? 0 : -1;
  bar.addEventListener("keydown", (event) => move(event, buttons));
}

/** Do to a field's selection what a button stands for. */
export function mark(field, name) {
  type(field, marks[name]({ value: field.value, start: field.selectionStart, end: field.selectionEnd }));
}

function move(event, buttons) {
  const at = buttons.indexOf(document.activeElement);
  const forward = getComputedStyle(buttons[0]).direction === "rtl" ? -1 : 1;
  const places = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: buttons.length - 1 };
  if (at < 0 || !(event.key in places)) return;
  event.preventDefault();
  buttons[at].tabIndex = -1;
  const next = buttons.at(places[event.key] % buttons.length);
  next.tabIndex = 0;
  next.focus();
}
