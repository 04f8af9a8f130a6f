// What the toolbar does to a text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { marks, quotation } from "../../static/js/lib/markup.js";

/** A text where "[" and "]" stand for the ends of the selection (one "|" for both), after an edit. */
function after(mark, drawn) {
  const start = drawn.search(/[[|]/);
  const value = drawn.replace(/[[\]|]/g, "");
  const end = drawn.includes("|") ? start : drawn.indexOf("]") - 1;
  const { from, to, words, select } = marks[mark]({ value, start, end });
  const text = value.slice(0, from) + words + value.slice(to);
  const [first, last] = select;
  if (first === last) return `${text.slice(0, first)}|${text.slice(first)}`;
  return `${text.slice(0, first)}⟦${text.slice(first, last)}⟧${text.slice(last)}`;
}

test("bold goes around the words and leaves the spaces outside", () => {
  assert.equal(after("bold", "a [word ]here"), "a **⟦word⟧** here");
  assert.equal(after("bold", "[ two words ]"), " **⟦two words⟧** ");
});

test("bold without a selection leaves the caret between its marks", () => {
  assert.equal(after("bold", "a |"), "a **|**");
  assert.equal(after("italic", "|"), "_|_");
});

test("pressed again, the marks go away", () => {
  assert.equal(after("bold", "a **[word]** here"), "a ⟦word⟧ here");
  assert.equal(after("italic", "_[word]_"), "⟦word⟧");
  assert.equal(after("bold", "**|**"), "|");
});

test("a list and a quotation take whole lines, and give them back", () => {
  assert.equal(after("list", "one\nt[wo\nthr]ee\nfour"), "one\n⟦- two\n- three⟧\nfour");
  assert.equal(after("list", "- o[ne\n- tw]o"), "⟦one\ntwo⟧");
  assert.equal(after("quote", "said| so"), "> said so|");
  assert.equal(after("quote", "|"), "> |");
});

test("a link asks for what lacks", () => {
  const [words, address] = [{ value: "see here", start: 4, end: 8 }, { value: "https://example.org/a", start: 0, end: 21 }];
  const named = marks.link(words);
  assert.equal(named.words, "[here](https://)");
  assert.deepEqual(named.select, [11, 19]);
  const bare = marks.link(address);
  assert.equal(bare.words, "[](https://example.org/a)");
  assert.deepEqual(bare.select, [1, 1]);
});

test("a quote names its post, and words that look like its end do not end it", () => {
  const made = quotation({ username: "bob", number: "3", topic: "12", words: "So [/quote] he said" });
  assert.equal(made, '[quote="bob, post:3, topic:12"]\nSo \\[/quote] he said\n[/quote]\n\n');
});
