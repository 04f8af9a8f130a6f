// What the fields of a form hold.

/** What is in them now: {name: value}. */
export function values(form, names) {
  return Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
}

/** What stood in them when the page came. */
export function given(form, names) {
  return Object.fromEntries(names.map((name) => [name, asGiven(form.elements[name])]));
}

function asGiven(control) {
  if (control instanceof RadioNodeList) return [...control].find((one) => one.defaultChecked)?.value ?? "";
  if (control instanceof HTMLSelectElement) return [...control.options].find((one) => one.defaultSelected)?.value ?? "";
  return control.defaultValue;
}
