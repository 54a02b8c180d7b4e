// What the pages do beyond links and forms; each works without it.
"use strict";

// A wide picture opens where the first question is.
for (const drawing of document.querySelectorAll(".drawing")) {
  const first = drawing.querySelector(".card")?.getBoundingClientRect();
  if (first) drawing.scrollLeft += (first.left + first.right) / 2 - drawing.getBoundingClientRect().left - drawing.clientWidth / 2;
}

// j and k: the next and the previous page of whatever is paged.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rel = { j: "next", k: "prev" }[event.key];
  const link = rel && document.querySelector(`main a[rel="${rel}"]`);
  if (link) link.click();
});

// On a phone the sections are a strip: the one we are in is in sight.
document.querySelector("header nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
