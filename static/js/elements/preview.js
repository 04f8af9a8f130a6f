// A text as it will look: shown when asked for, then following what is typed.
import { elements } from "../live/html.js";
import { text } from "../lib/texts.js";

const PAUSE_MS = 1000;

/** Show the preview of a form's text below it; from then on it follows the typing. */
export async function showPreview(form, label) {
  const field = form.elements.raw;
  const box = form.querySelector(".preview") ?? place(form, field, label);
  await update(box, field);
  box.focus();
}

function place(form, field, label) {
  const box = Object.assign(document.createElement("section"), { className: "preview", tabIndex: -1, ariaLabel: label });
  box.append(Object.assign(document.createElement("div"), { className: "prose" }));
  form.append(box);
  let pause = 0;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(update, PAUSE_MS, box, field);
  });
  form.addEventListener("published", () => (clearTimeout(pause), box.firstChild.replaceChildren()));
  return box;
}

/** Only the answer to the last question is shown. */
async function update(box, field) {
  const asked = (box.asked = (box.asked ?? 0) + 1);
  const html = await fetchPreview(field.value);
  if (box.asked !== asked) return;
  if (html === null) box.firstChild.textContent = text("no_preview") || text("not_sent");
  else box.firstChild.replaceChildren(...elements(html));
}

async function fetchPreview(raw) {
  const body = new URLSearchParams({ raw });
  try {
    const response = await fetch("/preview", { method: "POST", body, headers: { "X-Requested-With": "relais" } });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
