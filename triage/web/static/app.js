/* What is better with a script: the case that is open stays with whoever reads it, and what has to
   be corrected is read first. */
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
