// What is wrong with a form: said above it, and at each field.

/**
 * Say what is wrong; `fields` holds a sentence for each faulty field, by its name.
 * In a composer the focus goes to the summary; elsewhere it stays, and the words are announced.
 */
export function showErrors(form, fields) {
  clearErrors(form);
  const note = summary(Object.values(fields).join(" "));
  if (!("composer" in form.dataset)) return (form.closest(".acts") ?? form).after(note);
  form.prepend(note);
  for (const [name, sentence] of Object.entries(fields)) mark(form.elements[name], sentence);
  note.focus();
}

/** Take away what an earlier attempt said. */
export function clearErrors(form) {
  const near = (form.closest(".acts") ?? form).nextElementSibling;
  if (near?.matches("[data-refused]")) near.remove();
  form.querySelector("[data-refused]")?.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    document.getElementById(`${field.id}-error`)?.remove();
  }
}

function summary(sentence) {
  const note = document.createElement("div");
  note.className = "note note-bad";
  note.dataset.refused = "";
  note.tabIndex = -1;
  note.setAttribute("role", "alert");
  note.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  return note;
}

function mark(field, sentence) {
  if (!field?.id) return;
  field.setAttribute("aria-invalid", "true");
  const words = Object.assign(document.createElement("p"), { className: "hint err", textContent: sentence });
  words.id = `${field.id}-error`;
  (field.closest(".pad") ?? field).after(words);
  const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  field.setAttribute("aria-describedby", [...described.add(words.id)].join(" "));
}
