/* The page of a case: tells colleagues that it is open, inserts ready texts without a round trip. */
"use strict";

const looking = document.querySelector("meta[name=looking]");

async function say() {
  if (document.hidden) return; // a forgotten tab looks at nothing
  try {
    const answer = await fetch(looking.content, {
      method: "POST",
      headers: { "X-CSRF-Token": looking.dataset.token },
    });
    if (!answer.ok || answer.redirected) return;
    const { names } = await answer.json();
    const line = document.getElementById("looking");
    const said = names.join(", ");
    const place = document.getElementById("looking-names");
    if (place.textContent !== said) place.textContent = said;
    line.hidden = names.length === 0;
  } catch {
    /* no connection just now: the next time tries again */
  }
}

if (looking) {
  say();
  setInterval(say, Number(looking.dataset.seconds) * 1000);
  document.addEventListener("visibilitychange", say);
}

for (const button of document.querySelectorAll("button[data-into]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const field = document.getElementById(button.dataset.into);
    const chosen = button.parentElement.querySelector("select").selectedOptions[0];
    if (!chosen.dataset.text) return;
    field.value = [field.value.trim(), chosen.dataset.text].filter(Boolean).join("\n\n");
    field.focus();
  });
}
