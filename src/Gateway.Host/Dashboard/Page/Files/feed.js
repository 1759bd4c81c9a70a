// Keeps the connection to the gateway's events, and hands on what it tells.

import { eventsOf } from "./events.js";
import { addressOf, key, keyHeaders, refusalOf } from "./session.js";
import { signal } from "./signal.js";

/** The gateway speaks once a second; silence means that it is gone, whatever the connection says. */
const SILENCE = 8000;
const LONGEST_PAUSE = 5000;

/** The gateway wants to see the key again from time to time. */
const AGAIN = Symbol();

/** { state: waiting | live | lost | key | refused, message } */
export const link = signal();

const listeners = new Map();
let wake = () => { };
let current = new AbortController();

/** Calls back for each event of this name. */
export const onEvent = (name, listener) => listeners.set(name, [...listeners.get(name) ?? [], listener]);

/** Tries at once, with the key that is there now. */
export function reconnect() {
  current.abort();
  wake();
}

export async function run() {
  link.tell({ state: "waiting" });
  for (let pause = 500; ;) {
    const failure = await listen(() => pause = 500);
    if (failure === AGAIN)
      continue;
    if (failure?.status === 401) {
      link.tell({ state: "key", message: key.value ? "This key is not known." : null });
      await new Promise(resolve => wake = resolve);
      pause = 500;
      continue;
    }

    link.tell({ state: failure?.status === 403 ? "refused" : "lost", message: failure?.message });
    await Promise.race([new Promise(resolve => setTimeout(resolve, pause)), new Promise(resolve => wake = resolve)]);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }
}

/** Returns when it is over, with why if it was refused. */
async function listen(begun) {
  const stop = current = new AbortController();
  let watch = setTimeout(() => stop.abort(), SILENCE);
  try {
    const answer = await fetch(addressOf("dashboard/events"), { headers: keyHeaders(), signal: stop.signal, cache: "no-store" });
    if (!answer.ok)
      return await refusalOf(answer);
    for await (const { name, data } of eventsOf(answer)) {
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENCE);
      if (name === "again")
        return AGAIN;
      if (name === "hello") {
        begun();
        link.tell({ state: "live" });
      }

      tell(name, data);
    }
  } catch {
    // Connections end; the next one tells what is new.
  } finally {
    clearTimeout(watch);
  }
}

function tell(name, data) {
  try {
    const value = JSON.parse(data);
    for (const listener of listeners.get(name) ?? [])
      listener(value);
  } catch (failure) {
    // A mistake of this page: it is to be seen, and not to end the stream.
    console.error(failure);
  }
}
