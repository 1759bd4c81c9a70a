// Says in words why a request went where it went.

import { bytes, percent, plural, shortUrl } from "./format.js";

/** What each policy looks at; docs/concepts.md has the same. */
const POLICIES = {
  cache_aware: "It weighs what each worker would have to prefill of this prompt against what runs and waits there, and takes the least.",
  power_of_two: "It takes the one with fewer running requests of two drawn by lot.",
  round_robin: "It takes one after the other.",
  random: "It draws lots.",
  prefix_hash: "It goes by the hash of the prompt’s beginning, and passes on from a worker that has too much.",
  least_load: "It takes the shortest wait that it expects from the engines’ own reports.",
  consistent_hashing: "It goes by the hash of the routing key, so that a session stays where it is.",
  manual: "It keeps a routing key on the worker that had it first.",
  bucket: "It goes by the prompt’s length, so that short ones do not wait behind long ones.",
  dp_min_token: "It takes the data-parallel rank with the fewest pending tokens.",
  passthrough: "It takes the first worker that may be taken.",
};

/** Rules that say more than their policies. */
const RULES = {
  "imbalance: least load": "The loads were so far apart that they alone decided.",
  "routing key: manual": "The request named a routing key, and goes where the session is.",
};

/** Sentences, for a request that was sent to a worker. */
export function why({ route, attempts, worker, prefill_worker: prefill }) {
  const said = [];
  const from = route.candidates === 1 ? "the only worker there was" : `one of ${plural(route.candidates, "worker")}`;
  said.push(`${prefill ? `${prefill.url} and ` : ""}${shortUrl(worker.url)} was ${from}, chosen by ${policyOf(route)}. ${RULES[route.rule] ?? POLICIES[route.prefill_policy ?? route.policy] ?? ""}`);
  if (route.prefix_share !== undefined)
    said.push(`It expected ${percent(route.prefix_share)} of the prompt’s ${bytes(route.prompt_bytes)} in this worker’s cache.`);
  said.push(route.load === 0 ? "Nothing else ran on it then." : `${plural(route.load, "other request")} ran on it then.`);
  if (attempts > 1)
    said.push(`This was attempt ${attempts}: what went before failed elsewhere, before the client was sent anything.`);
  return said;
}

export const policyOf = route => route.prefill_policy && route.prefill_policy !== route.policy
  ? `${route.prefill_policy} + ${route.policy}`
  : route.policy ?? "–";
