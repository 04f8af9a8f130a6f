// Single letters, outside of fields: next, previous, reply, help. They can be switched off.
const STORE = "keys";
let dialog = null;

/** Do what a key stands for, unless the reader does not want it. */
export function press(key) {
  if (!wanted()) return;
  if (key === "?") help();
  else if (key === "r") reply();
  else step(key === "j" ? 1 : -1);
}

/** Show the list of keys, and the switch. */
export function help() {
  dialog ??= build();
  if (!dialog.open) dialog.showModal();
}

function build() {
  const made = document.getElementById("keys").content.firstElementChild.cloneNode(true);
  const box = made.querySelector("[data-keys-on]");
  box.checked = wanted();
  box.addEventListener("change", () => want(box.checked));
  document.body.append(made);
  return made;
}

function wanted() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function want(on) {
  try {
    localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // It holds for nothing where nothing may be kept.
  }
}

/** The next or previous item; the first one in the window when none has the focus. */
function step(by) {
  const items = [...document.querySelectorAll(".stream > li, #topics > li")];
  const focused = items.findIndex((item) => item.contains(document.activeElement));
  const inView = items.findIndex((item) => item.getBoundingClientRect().bottom > 0);
  const next = items[focused < 0 ? inView : focused + by];
  if (!next) return;
  const target = next.querySelector("h3 a") ?? next;
  if (target === next) next.tabIndex = -1;
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** Reply to the post that has the focus, else to the topic. */
function reply() {
  const link = document.activeElement.closest(".stream > li")?.querySelector("a[data-reply]");
  if (link) link.click();
  else document.querySelector("[data-composer] textarea")?.focus();
}
