// What the toolbar's buttons do to a text, as edits: put `words` from `from` to `to`, then select `select`.

/** The edit of each button, for { value, start, end }: the text and what is selected in it. */
export const marks = {
  bold: (text) => around(text, "**"),
  italic: (text) => around(text, "_"),
  link,
  list: (text) => before(text, "- "),
  quote: (text) => before(text, "> "),
};

/** The marks around the selection, or taken away where they are; spaces at its ends stay outside. */
function around({ value, start, end }, mark) {
  const selected = value.slice(start, end);
  const from = start + selected.length - selected.trimStart().length;
  const to = Math.max(from, start + selected.trimEnd().length);
  const n = mark.length;
  if (from >= n && value.slice(from - n, from) === mark && value.slice(to, to + n) === mark) {
    return { from: from - n, to: to + n, words: value.slice(from, to), select: [from - n, to - n] };
  }
  return { from, to, words: mark + value.slice(from, to) + mark, select: [from + n, to + n] };
}

/** The selection becomes the words of a link, or its address when it is one; what lacks is selected. */
function link({ value, start, end }) {
  const selected = value.slice(start, end).trim();
  if (/^https?:\/\/\S+$/.test(selected)) {
    return { from: start, to: end, words: `[](${selected})`, select: [start + 1, start + 1] };
  }
  const address = start + selected.length + 3;
  return { from: start, to: end, words: `[${selected}](https://)`, select: [address, address + 8] };
}

/** The mark at the head of each selected line, or taken away when all have it. */
function before({ value, start, end }, mark) {
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const next = value.indexOf("\n", end);
  const to = next < 0 ? value.length : next;
  const lines = value.slice(from, to).split("\n");
  const marked = lines.every((line) => line.startsWith(mark));
  const words = lines.map((line) => (marked ? line.slice(mark.length) : mark + line)).join("\n");
  const caret = from + words.length;
  return { from, to, words, select: [start === end ? caret : from, caret] };
}

/** A quote of some words of a post, as the forum writes it. */
export function quotation({ username, number, topic, words }) {
  const safe = words.replace(/\[(?=\/?quote\b)/gi, "\\[");
  return `[quote="${username}, post:${number}, topic:${topic}"]\n${safe}\n[/quote]\n\n`;
}
