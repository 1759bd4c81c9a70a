// The last minutes, second by second.

import { onEvent } from "./feed.js";
import { signal } from "./signal.js";

export const KEPT = 300;
export const samples = [];
export const trafficChanged = signal();

onEvent("hello", () => samples.length = 0);

onEvent("traffic", event => {
  samples.push(...event.samples);
  samples.splice(0, Math.max(0, samples.length - KEPT));
  trafficChanged.tell();
});

/** Of the last seconds, added up. */
export function sum(name, seconds) {
  let total = 0;
  for (const sample of samples.slice(-seconds))
    total += sample[name] ?? 0;
  return total;
}

/** The youngest figure of the last seconds that is there. */
export function latest(name, seconds) {
  for (const sample of samples.slice(-seconds).reverse()) {
    if (sample[name] !== undefined)
      return sample[name];
  }

  return null;
}
