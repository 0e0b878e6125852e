// Whose telephone this is, and which clinic it reaches.

const who = document.querySelector("#who");
const other = document.querySelector("#other-number");
const number = document.querySelector("#number");
const clinic = document.querySelector("#clinic");
const watchers = [];

export const HIDDEN = "anonymous";

export function me() {
  return who.value || number.value.trim();
}

export function theClinic() {
  return clinic.value;
}

export function isWellFormed() {
  return me() === HIDDEN || /^\+[1-9][0-9]{6,14}$/.test(me());
}

export function nameOf(wanted) {
  const option = [...who.options, ...clinic.options].find((one) => one.value === wanted);
  return option ? option.text : wanted;
}

export function become(wanted) {
  const known = [...who.options].some((one) => one.value === wanted && wanted);
  who.value = known ? wanted : "";
  if (!known) number.value = wanted;
  changed();
}

export function onChange(watcher) {
  watchers.push(watcher);
}

export function lock(locked) {
  for (const field of [who, number, clinic]) field.disabled = locked;
  for (const button of document.querySelectorAll(".be")) button.disabled = locked;
}

function changed() {
  other.hidden = who.value !== "";
  for (const button of document.querySelectorAll(".be")) {
    button.setAttribute("aria-pressed", String(button.dataset.number === me()));
  }
  for (const watcher of watchers) watcher();
}

for (const field of [who, number, clinic]) field.addEventListener("change", changed);
for (const button of document.querySelectorAll(".be")) {
  button.addEventListener("click", () => become(button.dataset.number));
}
queueMicrotask(changed);
