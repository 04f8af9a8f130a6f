/** Put words into a text field as if they were typed: undo takes them back, the page is told of them. */
export function type(field, { from, to, words, select }) {
  field.focus();
  field.setSelectionRange(from, to);
  // Deprecated, and the only way that keeps the undo history.
  if (!document.execCommand("insertText", false, words)) {
    field.setRangeText(words, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(...select);
}
