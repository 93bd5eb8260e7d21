/* Keeps the queue fresh: asks now and then which cases come first, and never moves what is in
   somebody's hands. New cases are shown at once where nothing is focused or chosen, else offered. */
"use strict";

const live = document.getElementById("live");
const news = document.getElementById("live-news");
const count = document.getElementById("live-count");

function shown() {
  return new Set([...document.querySelectorAll("tr[data-case]")].map((row) => row.dataset.case));
}

function inUse() {
  const rows = document.getElementById("live-rows");
  return rows.contains(document.activeElement) || rows.querySelector("input:checked") !== null;
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = shown();
  for (const id of ["live-rows", "queue-count"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id).replaceWith(document.adoptNode(fresh));
  }
  for (const row of document.querySelectorAll("tr[data-case]")) {
    if (!before.has(row.dataset.case)) row.classList.add("arrived");
  }
  news.hidden = true;
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.state, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const { ids } = await answer.json();
    const known = shown();
    const added = ids.filter((id) => !known.has(id)).length;
    if (!inUse() && (added || ids.length !== known.size)) await refresh();
    if (!added) return;
    count.textContent = String(added);
    document.getElementById("live-show").hidden = !inUse();
    news.hidden = false;
  } catch {
    /* no connection just now: the next look tries again */
  }
}

if (live && !("still" in live.dataset)) {
  setInterval(look, Number(live.dataset.seconds) * 1000);
  document.addEventListener("visibilitychange", look);
  document.getElementById("live-show").addEventListener("click", refresh);
}
