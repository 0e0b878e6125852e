// The browser's own voices and ears, and the tones of a telephone.

const button = document.querySelector("#mute");
const synthesis = window.speechSynthesis;
synthesis?.getVoices(); // browsers fetch them only when asked, and too late for the first call
const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
// Some of the codes that Twilio uses are not those of browsers.
const BROWSER_CODES = {
  "cmn-CN": "zh-CN", "cmn-Hans-CN": "zh-CN", "cmn-Hant-TW": "zh-TW", "yue-HK": "zh-HK", "yue-Hant-HK": "zh-HK",
  "yue-CN": "zh-HK", arb: "ar-SA", "ar-XA": "ar-SA",
};
const MS_PER_SIGN = 70; // about 170 words a minute
let quiet = recall("quiet") === "yes";
let stopCurrent = () => {};
let audio = null;

button.addEventListener("click", () => {
  quiet = !quiet;
  remember("quiet", quiet ? "yes" : "no");
  showQuiet();
  if (quiet) synthesis?.cancel();
});
showQuiet();

export function browserCode(code) {
  return BROWSER_CODES[code] || code || "en-US";
}

// Resolves when the words are over, or were cut off; silent voices take as long as spoken ones.
export function speak({ text, language, rate, url }) {
  stop();
  const milliseconds = 500 + MS_PER_SIGN * text.length;
  return new Promise((resolve) => {
    const done = () => { clearTimeout(timer); stopCurrent = () => {}; resolve(); };
    // Voices of some browsers never say that they are over.
    let timer = setTimeout(done, quiet || !synthesis ? milliseconds : 3 * milliseconds + 3000);
    stopCurrent = () => { synthesis?.cancel(); done(); };
    if (quiet) return;
    if (url) return playUrl(url, done);
    if (!synthesis?.getVoices().length) { clearTimeout(timer); timer = setTimeout(done, milliseconds); return; }
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = browserCode(language);
    utterance.voice = voiceFor(utterance.lang);
    utterance.rate = rate ? Math.max(0.5, parseFloat(rate) / 100) : 1;
    utterance.onend = utterance.onerror = done;
    synthesis.speak(utterance);
  });
}

export function pause(seconds) {
  stop();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    stopCurrent = () => { clearTimeout(timer); resolve(); };
  });
}

export function stop() {
  stopCurrent();
}

// https://en.wikipedia.org/wiki/DTMF: one low and one high tone for each key.
export function keyTone(key) {
  const place = "123456789*0#".indexOf(key);
  if (place >= 0) tone([[697, 770, 852, 941][Math.floor(place / 3)], [1209, 1336, 1477][place % 3]], 0.12);
}

export function ringTone() {
  tone([440, 480], 1.2);
}

export const canListen = Boolean(Recognition);

// Listens once; calls back with the words, or with null when nothing was understood.
export function listen(language, back) {
  const recognition = new Recognition();
  recognition.lang = browserCode(language);
  let words = null;
  recognition.onresult = (event) => { words = event.results[0][0].transcript; };
  recognition.onend = () => back(words);
  recognition.start();
  return () => recognition.stop();
}

function playUrl(url, done) {
  const sound = new Audio(url);
  sound.onended = sound.onerror = done;
  sound.play().catch(done);
}

function voiceFor(language) {
  const voices = synthesis.getVoices();
  const same = (voice) => voice.lang.replace("_", "-").toLowerCase();
  return voices.find((voice) => same(voice) === language.toLowerCase())
    || voices.find((voice) => same(voice).startsWith(language.slice(0, 2).toLowerCase())) || null;
}

function tone(frequencies, seconds) {
  if (quiet || !window.AudioContext) return;
  audio ??= new AudioContext();
  const gain = audio.createGain();
  gain.gain.value = 0.06;
  gain.connect(audio.destination);
  for (const frequency of frequencies) {
    const oscillator = audio.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.start();
    oscillator.stop(audio.currentTime + seconds);
  }
}

function showQuiet() {
  button.setAttribute("aria-pressed", String(quiet));
  button.querySelector("use").setAttribute("href", quiet ? "#quiet" : "#sound");
  button.querySelector("span").textContent = quiet ? "Muted" : "Sound";
}

function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* private windows remember nothing */ }
}

function recall(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}
