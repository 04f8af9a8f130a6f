/** Milliseconds to wait before the n-th attempt: at random between 0 and 0.5 s × 2^n, 30 s at most. */
export function backoff(attempt, random = Math.random) {
  return Math.round(random() * Math.min(30_000, 500 * 2 ** attempt)) + 100;
}

/** Whether the server's close code lets the client come back (Centrifuge's protocol). */
export function mayReturn(code) {
  return !((code >= 3500 && code < 4000) || (code >= 4500 && code < 5000));
}
