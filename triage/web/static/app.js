/* What is better with a script: the case that is open stays with whoever reads it, what has to be
   corrected is read first, and a preview that cannot be made gives way to the words that stand
   where there is none. */
"use strict";

function keepLease(lease) {
  const lost = document.getElementById("lease-lost");
  const beat = async () => {
    if (document.hidden) return; // a forgotten tab lets the case go back to the queue
    try {
      const answer = await fetch(lease.content, {
        method: "POST",
        headers: { "X-CSRF-Token": lease.dataset.token },
      });
      if (answer.status === 409 || answer.status === 403 || answer.redirected) {
        clearInterval(timer);
        lost.hidden = false;
      }
    } catch {
      /* no connection just now: the next beat tries again */
    }
  };
  const timer = setInterval(beat, Number(lease.dataset.seconds) * 1000);
  document.addEventListener("visibilitychange", beat);
}

document.getElementById("trouble")?.focus();

const lease = document.querySelector("meta[name=lease]");
if (lease) keepLease(lease);

function giveWay(image) {
  const shot = image.closest("a.shot");
  if (!shot) return;
  const words = document.createElement("span");
  words.className = "shot none";
  words.textContent = shot.dataset.none;
  shot.replaceWith(words);
}

for (const image of document.querySelectorAll("a.shot img")) {
  if (image.complete && image.naturalWidth === 0) giveWay(image);
  else image.addEventListener("error", () => giveWay(image));
}
