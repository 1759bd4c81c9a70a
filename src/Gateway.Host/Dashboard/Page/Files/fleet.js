// What is known of workers and models, and what has changed.

import { onEvent } from "./feed.js";
import { signal } from "./signal.js";

/** In the order in which a request meets them. */
export const ROLES = ["regular", "prefill", "decode"];

export const workers = new Map();
export const models = { list: [], policies: [] };
export const about = { role: "viewer" };

/** Told { changed: ids, order: true if workers came or went } */
export const workersChanged = signal();
export const modelsChanged = signal();
export const aboutChanged = signal();

/** Told what operators want to read: { time, worker, text, tone } */
export const happened = signal();

let isAnew = true;
let isFirst = true;

onEvent("hello", hello => {
  Object.assign(about, hello);
  isAnew = true;
  aboutChanged.tell();
});

onEvent("models", event => {
  models.list = event.models;
  models.policies = event.policies;
  modelsChanged.tell();
});

onEvent("fleet", event => {
  const changed = new Set();
  const gone = isAnew ? [...workers.keys()].filter(id => !event.workers.some(worker => worker.id === id)) : event.gone;
  for (const id of gone)
    remove(id);
  for (const worker of event.workers) {
    const before = workers.get(worker.id);
    workers.set(worker.id, worker);
    changed.add(worker.id);
    if (!isFirst)
      tellOf(before, worker);
  }

  for (const figures of event.figures) {
    const before = workers.get(figures.id);
    if (!before)
      continue;
    const worker = { ...before, ...figures };
    workers.set(worker.id, worker);
    changed.add(worker.id);
    tellOf(before, worker);
  }

  workersChanged.tell({ changed, order: isAnew || gone.length + event.workers.length > 0 });
  isAnew = isFirst = false;
});

/** It takes no requests, and nobody has said that it should not. */
export const isTrouble = worker => !["ready", "draining"].includes(worker.status) || worker.breaker !== "closed";

/** As people say it. */
export const stateWord = status => status.replace("_", " ");

function remove(id) {
  const worker = workers.get(id);
  workers.delete(id);
  if (worker && !worker.belongs_to)
    happened.tell({ time: Date.now(), worker, text: "is gone", tone: "warn" });
}

function tellOf(before, worker) {
  const tell = (text, tone) => happened.tell({ time: Date.now(), worker, text, tone });
  if (before && before.breaker !== worker.breaker)
    tell(`breaker ${stateWord(before.breaker)} → ${stateWord(worker.breaker)}`, worker.breaker === "closed" ? "good" : "bad");
  // A rank's state is that of its worker.
  if (worker.belongs_to)
    return;
  const reason = worker.reason ? `: ${worker.reason}` : "";
  if (!before)
    tell(`added, ${stateWord(worker.status)}${reason}`, "warn");
  else if (before.status !== worker.status)
    tell(`${stateWord(before.status)} → ${stateWord(worker.status)}${reason}`, toneOf(worker.status));
}

export const toneOf = status => status === "ready" ? "good" : status === "failed" || status === "not_ready" ? "bad" : "warn";
