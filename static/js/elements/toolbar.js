// The buttons above a text field: one stop of the Tab key, arrows within.
import { marks } from "../lib/markup.js";
import { type } from "./typing.js";

/** Start a toolbar for a field. */
export function startToolbar(bar, field) {
  const buttons = [...bar.querySelectorAll("[data-mark]")];
  for (const button of buttons) button.tabIndex = button === buttons[0] ? 0 : -1;
  bar.hidden = false;
  bar.addEventListener("keydown", (event) => move(event, buttons));
  bar.addEventListener("click", (event) => {
    const mark = marks[event.target.closest("[data-mark]")?.dataset.mark];
    if (mark) type(field, mark({ value: field.value, start: field.selectionStart, end: field.selectionEnd }));
  });
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
