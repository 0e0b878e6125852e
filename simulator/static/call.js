// One call: what the line says is spoken and written, what the caller does is delivered.

import * as clock from "./clock.js";
import { addLine, clear, showLine } from "./lines.js";
import * as voice from "./voice.js";
import * as who from "./who.js";
import { chosenPickup, hangUpOnLeaving, post, show, takeFaults } from "./wire.js";

const transcript = document.querySelector("#transcript");
const stateText = document.querySelector("#state");
const time = document.querySelector("#time");
const callButton = document.querySelector("#call");
const silenceButton = document.querySelector("#silence");
const otherButton = document.querySelector("#other-hangs-up");
const speech = document.querySelector("#speech");
const listenButton = document.querySelector("#listen");
const sayButton = document.querySelector("#say");

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

const SLOW_MS = 1500;
let lastVoice = "";
let call = null; // the handset's id on the server
let last = null; // what the server told last
let turn = 0; // rises with each act: what an older turn still had to say is cut off
let queue = Promise.resolve();
let started = 0;
let recordSeconds = 0; // of silence that end a recording
let stopListening = null;

export const inCall = () => call !== null;

export function place() {
  if (!who.isWellFormed()) return note("That is not a telephone number: write it like +12025550199.", "bad");
  begin(`Calling ${who.nameOf(who.theClinic())}…`);
  act("calls", { from: who.me(), to: who.theClinic() });
}

export function answer(ring) {
  begin(`Answering ${who.nameOf(ring.from_number)}…`);
  act(`rings/${ring.sid}/answer`);
}

export function hangUp() {
  act(`calls/${call}/hang-up`);
}

export function press(key) {
  voice.keyTone(key);
  flash(key);
  if (!call) return;
  const keys = transcript.lastElementChild;
  if (keys?.dataset.keys) keys.firstChild.data = keys.dataset.keys += ` ${key}`;
  else addLine(transcript, "mine", key).dataset.keys = key;
  act(`calls/${call}/press`, { keys: key });
}

export function say(words) {
  if (!call || !words.trim()) return;
  addLine(transcript, "mine", words);
  act(`calls/${call}/say`, { words });
}

export function staySilent() {
  if (!call) return;
  note("(silence)");
  act(`calls/${call}/silence`);
}

export function otherHangsUp() {
  act(`calls/${call}/other-hangs-up`);
}

function begin(text) {
  clear(transcript);
  lastVoice = "";
  who.lock(true);
  call = "";
  started = Date.now();
  stateText.textContent = text;
  showButtons();
}

// Everything the caller does waits its turn, so that keys arrive in the order they were pressed.
function act(path, body = {}) {
  turn += 1;
  const mine = turn;
  clock.stop();
  voice.stop();
  queue = queue.then(async () => {
    if (call === null) return; // it ended while this waited
    const slow = setTimeout(() => { stateText.textContent = "The line takes its time…"; }, SLOW_MS);
    try {
      const target = path.replace("calls//", `calls/${call}/`);
      take(await post(target, { ...body, faults: takeFaults(), pickup: chosenPickup() }), mine);
    } catch (error) {
      note(`The simulator could not do that: ${error.message}`, "bad");
      over();
    } finally {
      clearTimeout(slow);
    }
  });
}

function take(told, mine) {
  call = told.call;
  last = told;
  show(told.deliveries);
  recordSeconds = told.events.find((event) => event.kind === "record")?.seconds ?? recordSeconds;
  const lines = told.events.map((event) => [event, write(event)]);
  showButtons();
  if (mine !== turn) return cut(lines);
  perform(lines, mine);
}

async function perform(lines, mine) {
  stateText.textContent = lines.length ? "Speaking… you may interrupt" : stateText.textContent;
  for (const [index, [event, line]] of lines.entries()) {
    if (mine !== turn) return cut(lines.slice(index));
    line?.classList.add("speaking");
    if (line) showLine(transcript, line);
    if (event.kind === "say" || event.kind === "play") await voice.speak(event);
    if (event.kind === "pause") await voice.pause(event.seconds);
    line?.classList.remove("speaking");
  }
  if (mine === turn) settle(mine);
}

function cut(lines) {
  for (const [event, line] of lines) if (event.kind === "say") line?.classList.add("cut");
  transcript.scrollTop = transcript.scrollHeight;
}

function settle(mine) {
  const { state, gather, keys } = last;
  if (state === "ended") return over(`Call ended: ${last.why}`);
  const over_ = () => { if (mine === turn) staySilent(); };
  if (state === "listening") {
    stateText.textContent = asked(gather, keys);
    clock.start(gather.timeout, isSpeaking, over_);
  } else if (state === "recording") {
    stateText.textContent = "Recording: say something, then # or stay silent";
    clock.start(recordSeconds, isSpeaking, over_);
  } else {
    stateText.textContent = "Talking to a person at the clinic";
  }
}

function asked({ dtmf, speech: hears, num_digits: wanted }, keys) {
  const pressed = keys ? ` · pressed ${keys.length}` : "";
  const some = wanted ? (wanted === 1 ? "a key" : `${wanted} keys`) : "keys";
  if (dtmf && hears) return `Listening: speak or press ${some}${pressed}`;
  return dtmf ? `Listening: press ${some}${pressed}` : "Listening: speak";
}

function isSpeaking() {
  return stopListening !== null || speech.value.trim() !== "";
}

function write(event) {
  const { kind, text, language, voice: name, url } = event;
  if (kind === "say") return addLine(transcript, "theirs", text, { language: voice.browserCode(language), small: voiceRemark(language, name) });
  if (kind === "play") return addLine(transcript, "theirs", `♪ ${url.split("/").pop()}`);
  if (kind === "whisper") return note(`The clinic’s person hears: “${text}”`);
  if (kind === "dial") return note(`The line rings ${text}…`);
  if (kind === "dialled") return note(`That telephone: ${text}`);
  if (kind === "transferred") return note("Connected to a person");
  if (kind === "record") return note("(beep)");
  if (kind === "lost") return note(`Not heard: the line was not listening for “${text}”`, "bad");
  if (kind === "error") return note(text, "bad");
  return null;
}

// Who is speaking is said when it changes, and not under every sentence.
function voiceRemark(language, name) {
  const remark = [languageName(language), name?.split(".").pop()].filter(Boolean).join(" · ");
  const same = remark === lastVoice;
  lastVoice = remark;
  return same ? "" : remark;
}

function languageName(code) {
  try { return LANGUAGES.of(voice.browserCode(code)); } catch { return code; }
}

function note(text, more = "") {
  return addLine(transcript, `note ${more}`, text);
}

function over(why = "Call ended") {
  note(why, last?.error ? "bad" : "");
  call = null;
  last = null;
  clock.stop();
  stopListening?.();
  who.lock(false);
  stateText.textContent = "Not in a call";
  showButtons();
}

function showButtons() {
  const talking = call !== null;
  const hears = talking && (last?.gather?.speech || last?.state === "recording");
  callButton.className = talking ? "hangup" : "call";
  callButton.querySelector("span").textContent = talking ? "Hang up" : "Call";
  silenceButton.disabled = !talking || !["listening", "recording"].includes(last?.state);
  otherButton.hidden = last?.state !== "transferred";
  silenceButton.hidden = !otherButton.hidden;
  speech.placeholder = !talking || hears || !last?.gather ? "Say something" : "The line hears keys only now";
  sayButton.disabled = !talking;
  listenButton.hidden = !voice.canListen;
  listenButton.disabled = !hears;
}

function flash(key) {
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button?.classList.add("down");
  setTimeout(() => button?.classList.remove("down"), 140);
}

callButton.addEventListener("click", () => (inCall() ? hangUp() : place()));
silenceButton.addEventListener("click", staySilent);
otherButton.addEventListener("click", otherHangsUp);
listenButton.addEventListener("click", () => {
  if (stopListening) return stopListening();
  voice.stop();
  listenButton.setAttribute("aria-pressed", "true");
  const stop = voice.listen(last?.gather?.language, (words) => {
    stopListening = null;
    listenButton.setAttribute("aria-pressed", "false");
    if (words) say(words);
  });
  stopListening = stop;
});
document.querySelector("#speak").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = speech.value;
  speech.value = "";
  say(words);
});
window.addEventListener("pagehide", () => { if (call) hangUpOnLeaving(call); });
setInterval(() => {
  const seconds = Math.floor((Date.now() - started) / 1000);
  time.textContent = call === null ? "" : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 500);
showButtons();
