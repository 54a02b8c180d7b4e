// What the pages do beyond links and forms; each works without it.
"use strict";

// A wide picture opens at its middle, where the first question is.
for (const drawing of document.querySelectorAll(".drawing")) {
  drawing.scrollLeft = (drawing.scrollWidth - drawing.clientWidth) / 2;
}
