/* The customer's form, better: what is typed is kept while it is typed, files go up piece by piece,
   are looked at when they have come, and go on after an interruption. Without this script the form
   does all of it page by page. */

const PIECE_BYTES = 16 * 1024 * 1024; // below what proxies take in one request
const RETRY_DELAYS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 30000, 30000];

const going = new Set(); // uploads on their way
let fetched = null;

for (const form of document.querySelectorAll("form[data-keep]")) keepWhatIsTyped(form);

const slots = document.getElementById("slots");
if (slots) {
  takeUploads(slots);
  addEventListener("beforeunload", (event) => {
    if (going.size) event.preventDefault(); // the browser asks whether to leave
  });
}

/* ---- what is typed ----------------------------------------------------------------------- */

function keepWhatIsTyped(form) {
  let timer = 0;
  let dirty = false;
  const keep = () => {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    fetch(form.dataset.keep, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {
      dirty = true; // no connection just now: with the next letter, or with the form itself
    });
  };
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 700);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  document.querySelectorAll("a[href]").forEach((link) => link.addEventListener("click", keep));
}

/* ---- files ------------------------------------------------------------------------------- */


function takeUploads(root) {
  root.addEventListener("change", (event) => {
    const input = event.target.closest("input[type=file]");
    if (!input) return;
    const form = input.closest("form[data-kind]");
    const files = [...input.files];
    client().then(
      () => {
        input.value = "";
        for (const file of files) begin(form, file);
      },
      () => form.submit(), // without the script for uploads, the files go whole
    );
  });
  root.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-kind]")) {
      event.preventDefault(); // a file goes up as soon as it is chosen
      event.target.querySelector("input[type=file]").click();
    }
  });
  for (const form of root.querySelectorAll("form[data-kind]")) form.classList.add("scripted");
}

/* The script that speaks tus, fetched once and only by who has a file to send. */
function client() {
  fetched ??= new Promise((here, failed) => {
    const script = element("script", { src: slots.dataset.client, onload: here, onerror: failed });
    document.head.append(script);
  });
  return fetched;
}

async function begin(form, file) {
  const { tus } = window;
  const kind = form.dataset.kind;
  const row = makeRow(file);
  form.closest(".slot").querySelector(".arrived").append(row.item);
  const upload = new tus.Upload(file, {
    endpoint: slots.dataset.uploads,
    headers: { "X-CSRF-Token": slots.dataset.token },
    metadata: { kind, filename: file.name, filetype: file.type },
    chunkSize: PIECE_BYTES,
    retryDelays: RETRY_DELAYS,
    removeFingerprintOnSuccess: true,
    fingerprint: async () => ["triage", kind, file.name, file.size, file.lastModified].join("-"),
    onShouldRetry: (error) => {
      const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
      const again = !status || status >= 500 || status === 409 || status === 423 || status === 460;
      if (again && !status) row.say(slots.dataset.sayWaiting);
      return again;
    },
    onProgress: (sent, all) => row.progress(sent, all),
    onError: (error) => {
      going.delete(upload);
      row.fail(sentenceOf(error) || slots.dataset.sayFailed);
      if (!error.originalResponse) addEventListener("online", row.goOn, { once: true });
    },
    onSuccess: async () => {
      row.checking();
      await judged(upload.url, row);
      going.delete(upload);
    },
  });
  row.steer(upload, () => remove(upload, row));
  going.add(upload);
  const earlier = await upload.findPreviousUploads();
  if (earlier.length) {
    upload.resumeFromPreviousUpload(earlier[0]);
    document.querySelector(`[data-coming="${earlier[0].uploadUrl.split("/").pop()}"]`)?.remove();
  }
  upload.start();
}

/* The answer comes once the file has been looked at; a restart meanwhile is waited out. */
async function judged(url, row) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok || answer.status < 500) {
        const found = await answer.json();
        row.item.dataset.file = found.evidence ? found.evidence.id : "";
        await refresh();
        if (found.evidence) tell(found.evidence);
        row.item.remove();
        return;
      }
    } catch {
      row.say(slots.dataset.sayWaiting);
    }
    await new Promise((over) => setTimeout(over, 1500));
  }
  row.fail(slots.dataset.sayFailed);
}

/* The page says what the rules ask for now and what each file was found to be; rows of files that
   are still on their way stay where they are. */
async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const slot of fresh.querySelectorAll(".slot")) {
    const here = document.getElementById(slot.id);
    if (!here) continue;
    const rows = [...here.querySelectorAll(".arrived > [data-going]")];
    const list = slot.querySelector(".arrived");
    for (const coming of list.querySelectorAll("[data-coming]")) {
      if (rows.some((each) => each.dataset.going === coming.dataset.coming)) coming.remove();
    }
    here.querySelector(".arrived").replaceChildren(...list.children, ...rows);
    here.querySelector(".badges")?.replaceChildren(...slot.querySelector(".badges").childNodes);
  }
  document.getElementById("onward").replaceWith(fresh.getElementById("onward"));
}

function tell(evidence) {
  const said = evidence.findings.flatMap((each) => [each.message, each.cure]);
  const badge = document.querySelector(`[data-file="${evidence.id}"] .badge`);
  document.getElementById("told").textContent =
    [evidence.filename, badge ? badge.textContent : "", ...said].filter(Boolean).join(". ");
}

async function remove(upload, row) {
  going.delete(upload);
  row.item.remove();
  await upload.abort(true).catch(() => {}); // what cannot be removed now expires by itself
}

function sentenceOf(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).message;
  } catch {
    return "";
  }
}

function makeRow(file) {
  const item = element("li", { className: "file verdict-edge-pending" });
  item.dataset.going = "";
  const words = element("div", { className: "file-words" });
  const name = element("span", { className: "filename", textContent: file.name });
  const bar = element("progress", { max: Math.max(1, file.size), value: 0 });
  bar.setAttribute("aria-label", `${slots.dataset.saySending}: ${file.name}`);
  const said = element("p", { className: "muted", textContent: slots.dataset.saySending });
  const pause = element("button", { type: "button", className: "quiet", textContent: slots.dataset.sayPause });
  const away = element("button", { type: "button", className: "quiet", textContent: slots.dataset.sayRemove });
  pause.setAttribute("aria-label", `${slots.dataset.sayPause}: ${file.name}`);
  away.setAttribute("aria-label", `${slots.dataset.sayRemove}: ${file.name}`);
  words.append(name, bar, said, pause, away);
  item.append(words);
  let paused = false;
  const label = (text) => {
    pause.textContent = text;
    pause.setAttribute("aria-label", `${text}: ${file.name}`);
  };
  const row = {
    item,
    say: (text) => (said.textContent = text),
    progress: (sent, all) => {
      bar.value = sent;
      said.textContent = `${slots.dataset.saySending}: ${Math.floor((100 * sent) / Math.max(1, all))} %`;
    },
    checking: () => {
      pause.hidden = true;
      bar.removeAttribute("value");
      said.textContent = slots.dataset.sayChecking;
    },
    fail: (text) => {
      paused = true;
      item.classList.replace("verdict-edge-pending", "verdict-edge-rejected");
      said.className = "wrong";
      said.textContent = text;
      label(slots.dataset.sayResume);
      document.getElementById("told").textContent = `${file.name}. ${text}`;
    },
    goOn: () => {
      if (paused && item.isConnected) pause.click();
    },
    steer: (upload, onRemove) => {
      pause.addEventListener("click", () => {
        paused = !paused;
        label(paused ? slots.dataset.sayResume : slots.dataset.sayPause);
        said.className = "muted";
        item.classList.replace("verdict-edge-rejected", "verdict-edge-pending");
        if (paused) {
          upload.abort();
          said.textContent = slots.dataset.sayPaused;
        } else {
          going.add(upload);
          upload.start();
        }
      });
      away.addEventListener("click", onRemove);
      upload.options.onUploadUrlAvailable = () => {
        item.dataset.going = upload.url.split("/").pop();
      };
    },
  };
  return row;
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
