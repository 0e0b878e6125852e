// The text thread of each telephone with the clinics.

import { addLine, clear, counted } from "./lines.js";
import * as who from "./who.js";
import { post, show, takeFaults } from "./wire.js";

const list = document.querySelector("#texts");
const box = document.querySelector("#text");
const weight = document.querySelector("#weight");
const picture = document.querySelector("#picture");
const elsewhere = document.querySelector("#elsewhere");
const threads = new Map(); // a telephone's number → its texts
const empty = list.firstElementChild;
const MOST_KEPT = 200;
// GSM-7, the alphabet in which 160 characters fit: https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;

export function arrived({ to, from_number: from, body, segments }, isOld) {
  keep(to, "theirs", body, `${segments ? counted(segments, "segment") : ""} · from ${from}`);
  if (to === who.me() || isOld) return;
  elsewhere.replaceChildren(`A text came for ${who.nameOf(to)}.`);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "See it";
  button.addEventListener("click", () => who.become(to));
  elsewhere.append(button);
  elsewhere.hidden = false;
}

async function send(body) {
  const from = who.me();
  const sent = keep(from, "mine", body || "(picture)", "sending…");
  const faults = takeFaults();
  try {
    const told = await post("texts", { from, to: who.theClinic(), body, picture: picture.checked, faults });
    show(told.deliveries);
    remark(sent, counted(told.segments, "segment"));
    for (const answer of told.answers) keep(from, "theirs", answer.body, counted(answer.segments, "segment"));
    if (told.error) keep(from, "note bad", told.error);
  } catch (error) {
    remark(sent, `not sent: ${error.message}`);
  }
}

function keep(number, kind, body, small) {
  const thread = threads.get(number) ?? [];
  const text = { kind, body, small, line: null };
  threads.set(number, [...thread, text].slice(-MOST_KEPT));
  if (number === who.me()) text.line = addLine(list, kind, body, { small });
  return text;
}

function remark(text, small) {
  text.small = small;
  const element = text.line?.querySelector("small");
  if (element) element.textContent = small;
}

function showThread() {
  const mute = who.me() === who.HIDDEN;
  clear(list);
  for (const text of threads.get(who.me()) ?? []) {
    text.line = addLine(list, text.kind, text.body, { small: text.small });
  }
  if (!list.children.length) list.append(empty);
  elsewhere.hidden = true;
  box.disabled = mute;
  box.placeholder = mute ? "A hidden number cannot text" : "Text message";
  document.querySelector("#thread-with").textContent = `with ${who.nameOf(who.theClinic()).split(" · ")[0]}`;
}

function showWeight() {
  const plain = GSM.test(box.value);
  const [single, each] = plain ? [160, 153] : [70, 67];
  const length = plain ? box.value.replace(/[\^{}\\[~\]|€]/g, "00").length : box.value.length;
  const parts = length <= single ? 1 : Math.ceil(length / each);
  weight.value = box.value ? `${counted(length, "character")} · ${counted(parts, "segment")}` : "";
}

box.addEventListener("input", showWeight);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    box.form.requestSubmit();
  }
});
document.querySelector("#send").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = box.value;
  if (box.disabled || (!body.trim() && !picture.checked)) return;
  box.value = "";
  showWeight();
  send(body);
  picture.checked = false;
});
who.onChange(showThread);
