// Puts the parts of the page together: keys, rings and news.

import * as call from "./call.js";
import { arrived } from "./texts.js";
import { ringTone } from "./voice.js";
import * as who from "./who.js";
import { newsAfter, post } from "./wire.js";

const ringBox = document.querySelector("#ring");
const ringWho = document.querySelector("#ring-who");
const answerButton = document.querySelector("#answer");
const POLL_MS = 1000;
const RING_MS = 3000;
const rings = new Map(); // what rings now, oldest first
let seen = 0;

for (const button of document.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => call.press(button.dataset.key));
}
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9*#]$/.test(event.key)) {
    event.preventDefault();
    call.press(event.key);
  }
});

answerButton.addEventListener("click", () => {
  const ring = take();
  if (!ring) return;
  who.become(ring.to);
  call.answer(ring);
});
document.querySelector("#decline").addEventListener("click", async () => {
  const ring = take();
  if (ring) await post(`rings/${ring.sid}/decline`);
});

function take() {
  const [ring] = rings.values();
  if (ring) rings.delete(ring.sid);
  showRing();
  return ring;
}

function showRing() {
  const [ring] = rings.values();
  const wasHidden = ringBox.hidden;
  ringBox.hidden = !ring || call.inCall();
  if (ringBox.hidden) return;
  ringWho.textContent = `${first(ring.from_number)} is calling ${first(ring.to)}`;
  if (wasHidden) answerButton.focus();
}

function first(number) {
  return who.nameOf(number).split(" · ")[0];
}

function learn(news, isOld) {
  if (news.kind === "text") arrived(news, isOld);
  if (news.kind === "ring") rings.set(news.sid, news);
  if (news.kind === "missed" || news.kind === "picked-up") rings.delete(news.sid);
}

async function poll() {
  try {
    const { newest, news } = await newsAfter(seen);
    // A simulator that was started anew counts from the beginning again.
    const isOld = seen === 0;
    seen = newest < seen ? 0 : newest;
    for (const one of news) learn(one, isOld);
    showRing();
  } catch {
    /* the line is being restarted: the next poll tries again */
  }
  setTimeout(poll, document.hidden ? 3 * POLL_MS : POLL_MS);
}

setInterval(() => { if (!ringBox.hidden) ringTone(); }, RING_MS);
poll();
