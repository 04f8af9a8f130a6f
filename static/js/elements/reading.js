// What has stayed on the screen for a second has been read: the server is told, at most every 3 s.
const list = document.querySelector("[data-topic]");
const member = JSON.parse(document.getElementById("viewer-state")?.textContent ?? "{}").id;
let highest = 0;
let told = 0;
let timer = 0;

const observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    clearTimeout(target.readTimer);
    if (isIntersecting) target.readTimer = setTimeout(() => seen(target), 1000);
  }
});

function seen(card) {
  highest = Math.max(highest, Number(card.dataset.number));
  timer ||= setTimeout(tell, 3000);
}

function tell() {
  timer = 0;
  if (highest <= told) return;
  told = highest;
  const body = new URLSearchParams({ up_to: highest });
  fetch(`/t/${list.dataset.topic}/timings`, { method: "POST", body, keepalive: true }).catch(() => (told = 0));
}

if (member) {
  const watch = () => list.isConnected && list.querySelectorAll("li[data-number]").forEach((card) => observer.observe(card));
  watch();
  new MutationObserver(watch).observe(list, { childList: true });
  addEventListener("pagehide", tell);
}
