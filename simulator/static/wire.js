// The server's side of the telephone: it signs and delivers; the page never knows the key.

const root = document.body.dataset.root.replace(/\/$/, "");
const log = document.querySelector("#wire");
const MOST_SHOWN = 60;

export async function post(path, body = {}) {
  const answer = await fetch(`${root}/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

export async function newsAfter(number) {
  const answer = await fetch(`${root}/api/news?after=${number}`);
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
  return answer.json();
}

// A page that goes away puts the receiver down.
export function hangUpOnLeaving(call) {
  navigator.sendBeacon(`${root}/api/calls/${call}/hang-up`, new Blob(["{}"], { type: "application/json" }));
}

// The faults that the next delivery suffers; each is used once.
export function takeFaults() {
  const chosen = [...document.querySelectorAll("#faults .chips input:checked")];
  for (const box of chosen) box.checked = false;
  return chosen.map((box) => box.value);
}

export function chosenPickup() {
  return document.querySelector("#pickup").value;
}

export function show(deliveries) {
  for (const delivery of deliveries) {
    log.querySelector(".empty")?.remove();
    const item = document.createElement("li");
    const [verdict, right] = judged(delivery);
    item.classList.toggle("wrong", !right);
    item.append(`${delivery.path} ${delivery.status || "–"} in ${delivery.milliseconds} ms `, bold(verdict));
    log.prepend(item);
  }
  while (log.children.length > MOST_SHOWN) log.lastChild.remove();
}

function judged({ fault, status, same }) {
  if (fault === "forged") return status === 403 ? ["forged: refused", true] : ["forged: TAKEN", false];
  if (fault === "status-twice") return ["reported again", true];
  if (fault) return same ? [`${fault}: same answer`, true] : [`${fault}: ANOTHER answer`, false];
  if (status === 0) return ["nobody answered", false];
  return ["", status < 400];
}

function bold(text) {
  const element = document.createElement("b");
  element.textContent = text;
  return element;
}
