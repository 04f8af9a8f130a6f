// The window's title: how many unread alerts, and the page's heading as it is now.
const heading = () => document.querySelector("h1")?.textContent ?? "";
const site = document.title.startsWith(heading()) ? document.title.slice(heading().length) : "";
let bare = document.title;

/** Write the title again; from the heading when it may have changed. */
export function retitle(headingChanged = false) {
  if (headingChanged && site) bare = heading() + site;
  const unread = Number(document.getElementById("badge")?.dataset.unread ?? 0);
  document.title = unread > 0 ? `(${unread}) ${bare}` : bare;
}

retitle();
