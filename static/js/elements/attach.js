// Files sent from the composer: chosen, dragged or pasted; each takes its place where one is writing.
import { text } from "../lib/texts.js";
import { type } from "./typing.js";

/** Make a composer take files at once; without this, its "Attach" button sends the whole form. */
export function startAttaching(form) {
  const box = form.querySelector("[data-attach]");
  if (!box) return;
  const input = box.querySelector("input[type=file]");
  const field = form.elements.raw;
  box.querySelector("button").remove();
  input.multiple = true;
  const take = (files) => sendAll([...files], { box, input, field });
  input.addEventListener("change", () => take(input.files).then(() => (input.value = "")));
  field.addEventListener("paste", (event) => taken(event, event.clipboardData, take));
  field.addEventListener("dragover", (event) => carriesFiles(event.dataTransfer) && event.preventDefault());
  field.addEventListener("drop", (event) => taken(event, event.dataTransfer, take));
  // Sent by now, or refused: not to be sent again with the text.
  form.addEventListener("formdata", (event) => event.formData.delete("file"));
}

const carriesFiles = (data) => data?.types.includes("Files");

/** A text that is pasted with a picture of itself, as from a spreadsheet, stays a text. */
function taken(event, data, take) {
  if (!data?.files.length || data.types.includes("text/plain")) return;
  event.preventDefault();
  take(data.files);
}

async function sendAll(files, place) {
  say(place, "");
  fault(place, "");
  for (const file of files) {
    try {
      const { markdown } = await send(file, (percent) => progress(place, file, percent));
      insert(place.field, markdown);
      say(place, text("file_attached").replace("{name}", file.name));
    } catch (refusal) {
      say(place, "");
      return fault(place, refusal.message);
    }
  }
}

function progress(place, { name }, percent) {
  say(place, text(percent < 100 ? "file_sending" : "file_looked_at", percent).replace("{name}", name));
}

/** `fetch` cannot tell how much has left. */
function send(file, tell) {
  const body = new FormData();
  body.append("file", file, file.name || "image.png");
  return new Promise((resolve, reject) => {
    const request = Object.assign(new XMLHttpRequest(), { responseType: "json" });
    request.open("POST", "/uploads.json");
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(Math.floor((100 * loaded) / total)));
    request.addEventListener("load", () => (request.status === 200 ? resolve(request.response) : refuse(request.response)));
    request.addEventListener("error", () => refuse());
    const refuse = (answer) => reject(new Error(sentence(answer)));
    request.send(body);
  });
}

function sentence(answer) {
  return answer?.fields?.file || (answer?.errors ?? []).join(" ") || text("file_not_sent");
}

/** Where the caret is, on a line of its own for a picture; what was typed meanwhile stays. */
function insert(field, markdown) {
  const { selectionEnd: at, value } = field;
  const before = at && markdown.startsWith("!") && value[at - 1] !== "\n" ? "\n\n" : "";
  const words = `${before}${markdown}${markdown.startsWith("!") ? "\n\n" : " "}`;
  type(field, { from: at, to: at, words, select: [at + words.length, at + words.length] });
}

function say({ box }, words) {
  box.querySelector("[data-attached]").textContent = words;
}

/** What is wrong stands at the field of files; the text is not touched. */
function fault({ box, input }, words) {
  box.querySelector(".err")?.remove();
  input.toggleAttribute("aria-invalid", Boolean(words));
  input.setAttribute("aria-describedby", words ? "file-help file-error" : "file-help");
  if (!words) return;
  input.setAttribute("aria-invalid", "true");
  const line = Object.assign(document.createElement("p"), { className: "hint err", id: "file-error", textContent: words });
  line.setAttribute("role", "alert");
  box.querySelector(".row").after(line);
}
