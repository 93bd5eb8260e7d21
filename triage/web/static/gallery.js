/* Previews looked at closely: zoom, turn, move, two side by side. Links work without it. */
"use strict";

const gallery = document.getElementById("gallery");
const stage = gallery.querySelector(".gallery-stage");
const other = document.getElementById("gallery-other");
const title = document.getElementById("gallery-title");
const pictures = [...document.querySelectorAll("a[data-picture]")];
const SCALES = [1, 1.5, 2, 3, 4, 6];
let at = 0;
let scale = 0;
let turns = [0, 0];

function show() {
  const chosen = [pictures[at], pictures[Number(other.value)]].slice(0, other.value === "" ? 1 : 2);
  stage.replaceChildren(...chosen.map(frame));
  stage.querySelectorAll("img").forEach(fit);
  title.textContent = chosen.map((link) => link.dataset.picture).join(" · ");
}

function frame(link, place) {
  const image = new Image();
  image.src = link.href;
  image.alt = link.dataset.picture;
  // No inline styles are allowed by the page's policy as text; as properties they are.
  image.style.transform = `rotate(${turns[place] * 90}deg)`;
  image.style.width = `${SCALES[scale] * 100}%`;
  const holder = document.createElement("div");
  holder.className = "gallery-frame";
  holder.append(image);
  return holder;
}

/* The whole picture at first; one that lies on its side has the frame's measures exchanged. */
function fit(image, place) {
  const holder = image.parentElement;
  image.classList.toggle("whole", scale === 0);
  if (scale > 0) return;
  const lies = turns[place] % 2 === 1;
  image.style.width = `${lies ? holder.clientHeight : holder.clientWidth}px`;
  image.style.height = `${lies ? holder.clientWidth : holder.clientHeight}px`;
}

function open(place) {
  at = place;
  scale = 0;
  turns = [0, 0];
  other.replaceChildren(new Option("–", ""));
  pictures.forEach((link, n) => n !== place && other.append(new Option(link.dataset.picture, String(n))));
  other.parentElement.hidden = pictures.length < 2;
  if (!gallery.open) gallery.showModal(); // a closed dialog has no measures
  show();
}

const DO = {
  in: () => { scale = Math.min(scale + 1, SCALES.length - 1); show(); },
  out: () => { scale = Math.max(scale - 1, 0); show(); },
  turn: () => { turns = turns.map((each) => each + 1); show(); },
  back: () => open((at + pictures.length - 1) % pictures.length),
  on: () => open((at + 1) % pictures.length),
  close: () => gallery.close(),
};
const KEYS = { "+": "in", "=": "in", "-": "out", r: "turn", ArrowLeft: "back", ArrowRight: "on" };

pictures.forEach((link, place) =>
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(place);
  }),
);
other.addEventListener("change", show);
for (const button of gallery.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => DO[button.dataset.do]());
}
gallery.addEventListener("keydown", (event) => {
  const doing = KEYS[event.key];
  if (!doing || event.target === other) return;
  if (event.key.startsWith("Arrow") && scale > 0) return; // moves within the picture
  event.preventDefault();
  DO[doing]();
});
gallery.addEventListener("close", () => pictures[at].focus());
