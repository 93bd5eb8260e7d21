/* Single keys for those who work with the keyboard; "?" lists them, and they can be put off. */
"use strict";

const OFF = "triage.keys.off";
const dialog = document.getElementById("keys");
const off = document.getElementById("keys-off");

for (const each of document.querySelectorAll(".scripted")) each.hidden = false;
off.checked = localStorage.getItem(OFF) === "1";
off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
document.getElementById("keys-button").addEventListener("click", () => dialog.showModal());

function rows() {
  return [...document.querySelectorAll("tr[data-case] th a")];
}

function step(by) {
  const links = rows();
  if (!links.length) return;
  const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

function choose() {
  const box = document.activeElement.closest("tr[data-case]")?.querySelector("input[name=ids]");
  box?.click();
}

function press(key) {
  const found = document.querySelector(`[data-key="${key}"]`);
  if (found instanceof HTMLFormElement) found.requestSubmit();
  else found?.click();
}

function goTo(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  found?.scrollIntoView({ block: "start" });
}

const DOINGS = {
  j: () => step(1),
  k: () => step(-1),
  x: choose,
  n: () => press("n"),
  c: () => press("c"),
  u: () => press("u"),
  s: () => goTo("#steps summary, #steps button"),
  e: () => goTo("#evidence-title"),
  "/": () => document.getElementById("search")?.select(),
  "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  // A Cyrillic keyboard gives other letters for the same keys.
  const key = event.key.length === 1 && event.code.startsWith("Key") ? event.code[3].toLowerCase() : event.key;
  const doing = DOINGS[key];
  if (!doing || (off.checked && key !== "?")) return;
  event.preventDefault();
  doing();
});
