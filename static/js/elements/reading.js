// What has stayed on the screen for a second has been read: the server is told, at most every 3 s.
const SEEN_MS = 1000;
const TELL_MS = 3000;
const { topic } = document.querySelector("[data-topic]").dataset;
let highest = 0;
let told = 0;
let timer = 0;

const observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    clearTimeout(target.reading);
    if (isIntersecting) target.reading = setTimeout(seen, SEEN_MS, target);
  }
});

function seen(card) {
  if (document.hidden) return;
  highest = Math.max(highest, Number(card.dataset.number));
  timer ||= setTimeout(tell, TELL_MS);
}

function tell() {
  clearTimeout(timer);
  timer = 0;
  if (highest <= told) return;
  const before = told;
  told = highest;
  const body = new URLSearchParams({ up_to: highest });
  fetch(`/t/${topic}/timings`, { method: "POST", body, keepalive: true }).catch(() => (told = before));
}

// Cards come and are replaced, the whole list too.
const watch = () => document.querySelectorAll(".stream > li[data-number]").forEach((card) => observer.observe(card));
watch();
new MutationObserver(watch).observe(document.querySelector("main"), { childList: true, subtree: true });
addEventListener("pagehide", tell);
