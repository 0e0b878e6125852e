// The time that a question stays open, running visibly; it stands still while the caller speaks.

const bar = document.querySelector("#clock");
const left = document.querySelector("#left");
const hold = document.querySelector("#hold");
const frame = bar.parentElement;
const TICK = 100;
let timer = null;

export function start(seconds, isBusy, onOver) {
  stop();
  let remaining = 1000 * seconds;
  const draw = (paused) => {
    bar.value = seconds ? Math.max(0, remaining / (1000 * seconds)) : 0;
    left.value = paused ? "clock stopped" : `${Math.ceil(remaining / 1000)} s`;
  };
  frame.classList.add("running");
  draw(false);
  timer = setInterval(() => {
    const paused = hold.checked || isBusy();
    if (!paused) remaining -= TICK;
    draw(paused);
    if (remaining <= 0) { stop(); onOver(); }
  }, TICK);
}

export function stop() {
  clearInterval(timer);
  timer = null;
  frame.classList.remove("running");
  bar.value = 0;
  left.value = "";
}
