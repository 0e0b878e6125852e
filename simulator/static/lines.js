// Bubbles under each other: what was heard and said, or texted.

export function addLine(list, kind, text, { language, small } = {}) {
  list.querySelector(".empty")?.remove();
  const line = document.createElement("div");
  line.className = `line ${kind}`;
  line.dir = "auto";
  if (language) line.lang = language;
  line.append(text);
  if (small) {
    const remark = document.createElement("small");
    remark.textContent = small;
    line.append(remark);
  }
  list.append(line);
  list.scrollTop = list.scrollHeight;
  return line;
}

// Scrolls the list alone: the page must not jump under the caller's finger.
export function showLine(list, line) {
  const top = line.offsetTop - list.offsetTop;
  const hidden = top < list.scrollTop || top + line.offsetHeight > list.scrollTop + list.clientHeight;
  if (hidden) list.scrollTop = top - 8;
}

export function clear(list) {
  list.replaceChildren();
}

export function counted(number, one) {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}
