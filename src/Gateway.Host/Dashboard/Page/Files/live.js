// Tells screen readers what has changed: together, and not more often than one can listen.

import { find } from "./dom.js";

const PAUSE = 3000;
const MOST = 3;
const waiting = [];
let timer = null;

export function announce(text) {
  waiting.push(text);
  timer ??= setTimeout(speak, waiting.length === 1 ? 200 : PAUSE);
}

function speak() {
  const said = waiting.splice(0);
  const more = said.length > MOST ? ` And ${said.length - MOST} more.` : "";
  find("#live").textContent = said.slice(0, MOST).join(". ") + more;
  timer = setTimeout(() => {
    timer = null;
    if (waiting.length > 0)
      speak();
  }, PAUSE);
}
