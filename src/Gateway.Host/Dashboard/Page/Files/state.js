// A state as a shape, a word and a colour: any one of them is enough.

import { draw, el } from "./dom.js";
import { stateWord, toneOf } from "./fleet.js";

const SHAPES = {
  ready: ["path", { d: "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z" }],
  pending: ["path", { d: "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm0 1.6v6.8a3.4 3.4 0 0 0 0-6.8z", "fill-rule": "evenodd" }],
  not_ready: ["path", { d: "M6 1l5.5 10H.5z" }],
  failed: ["path", { d: "M2 .6 6 4.6l4-4L11.4 2l-4 4 4 4L10 11.4l-4-4-4 4L.6 10l4-4-4-4z" }],
  draining: ["path", { d: "M5 1h2v5h3.5L6 11 1.5 6H5z" }],
};

export const stateMark = status => mark(SHAPES[status] ?? SHAPES.failed, stateWord(status), toneOf(status));

export function breakerMark(breaker) {
  if (breaker === "closed")
    return el("span", null, "closed");
  return mark(breaker === "open" ? SHAPES.failed : SHAPES.pending, stateWord(breaker), breaker === "open" ? "bad" : "warn");
}

export function endingMark(request) {
  const [shape, tone] = request.ending === "interrupted" || request.status >= 500 ? ["failed", "bad"]
    : request.status >= 400 ? ["not_ready", "warn"]
    : ["ready", "good"];
  const word = request.ending === "interrupted" ? `${request.status} broke` : request.ending === "client_gone" ? `${request.status} client gone` : String(request.status);
  return mark(SHAPES[shape], word, tone);
}

const mark = ([tag, attributes], word, tone) =>
  el("span", { class: `state ${tone}` }, draw("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, draw(tag, attributes)), word);
