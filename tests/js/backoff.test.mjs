// When a page comes back to a server that went away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, mayReturn } from "../../static/js/lib/backoff.js";

test("the wait grows from half a second to thirty, and not beyond", () => {
  const longest = () => 1;
  assert.deepEqual([0, 1, 2, 5, 6, 40].map((n) => backoff(n, longest)), [600, 1100, 2100, 16_100, 30_100, 30_100]);
});

test("it is anywhere in between, so that a thousand pages do not come at once", () => {
  assert.equal(backoff(6, () => 0), 100);
  assert.equal(backoff(6, () => 0.5), 15_100);
  const waits = Array.from({ length: 1000 }, () => backoff(6));
  assert.ok(new Set(waits).size > 900);
  assert.ok(Math.max(...waits) - Math.min(...waits) > 25_000);
});

test("the codes that forbid to come back are obeyed, and only they", () => {
  assert.deepEqual([3500, 3999, 4500, 4999].map(mayReturn), [false, false, false, false]);
  assert.deepEqual([0, 1000, 1006, 1012, 3000, 3001, 3499, 4000, 4499, 5000].filter((code) => !mayReturn(code)), []);
});
