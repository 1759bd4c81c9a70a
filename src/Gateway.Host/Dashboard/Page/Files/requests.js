// The requests that ended last, the newest first.

import { el, find, setAttribute, setText } from "./dom.js";
import { onEvent } from "./feed.js";
import { clock, milliseconds, number, percent, shortUrl } from "./format.js";
import { showReceipt } from "./receipt.js";
import { signal } from "./signal.js";
import { endingMark } from "./state.js";
import { policyOf } from "./why.js";

/** Kept in this page, and shown of them. */
const KEPT = 1000;
const SHOWN = 150;

/** The newest first. */
const ended = [];
const rows = new Map();
const view = { filter: "", state: "", open: null };
/** While paused: what was there then. */
let frozen = null;
let missed = 0;
let instance = null;
let isVisible = false;
let isDue = false;

/** Told each request that has ended. */
export const requestEnded = signal();

/** A request that has ended, by its id; null if it is not known. */
export const findRequest = id => ended.find(request => request.id === id) ?? null;

export function run() {
  onEvent("hello", hello => {
    if (hello.instance === instance)
      return;
    instance = hello.instance;
    ended.length = 0;
    rows.clear();
    missed = 0;
  });
  onEvent("requests", event => {
    missed += event.missed;
    // Who comes again is told some that he knows.
    const known = ended[0]?.number ?? -1;
    for (const request of event.requests.filter(request => request.number > known)) {
      ended.unshift(request);
      requestEnded.tell(request);
    }

    for (const old of ended.splice(KEPT))
      rows.delete(old.number);
    schedule();
  });
  find("#requests-filter").addEventListener("input", event => change({ filter: event.target.value.trim().toLowerCase() }));
  find("#requests-state").addEventListener("change", event => change({ state: event.target.value }));
  const pause = find("#requests-pause");
  pause.addEventListener("click", () => {
    frozen = frozen ? null : [...ended];
    setAttribute(pause, "aria-pressed", frozen !== null);
    setText(pause, frozen ? "Go on" : "Pause");
    schedule();
  });
}

/** Nothing is made that nobody sees. */
export function setVisible(visible) {
  isVisible = visible;
  schedule();
}

function change(what) {
  Object.assign(view, what);
  schedule();
}

function schedule() {
  if (!isVisible || isDue)
    return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    show();
  });
}

function show() {
  const all = frozen ?? ended;
  let found = all.filter(matches);
  if (view.state === "slow")
    found = found.toSorted((a, b) => b.total_ms - a.total_ms);
  const body = find("#requests").tBodies[0];
  const wanted = found.slice(0, SHOWN).map(rowOf);
  const kept = new Set(wanted);
  for (const row of [...body.rows]) {
    if (!kept.has(row))
      row.remove();
  }

  wanted.forEach((row, i) => {
    if (body.rows[i] !== row)
      body.insertBefore(row, body.rows[i] ?? null);
  });
  const notShown = found.length - wanted.length;
  setText(find("#requests-count"), `${number(wanted.length)} shown${notShown > 0 ? `, ${number(notShown)} more kept` : ""}${missed > 0 ? `, ${number(missed)} went by too fast` : ""}`);
  find("#requests-none").hidden = found.length > 0;
  setText(find("#requests-none"), all.length === 0 ? "No request has ended yet." : "No request is like that.");
  find("#requests").hidden = found.length === 0;
}

function matches(request) {
  if (view.state === "bad" && request.status < 400 && request.ending === "complete")
    return false;
  if (view.state === "retried" && request.attempts < 2)
    return false;
  return !view.filter
    || [request.id, request.model, request.tenant, request.error, request.endpoint, request.worker?.url, request.prefill_worker?.url, request.route?.policy, String(request.status)]
      .some(text => text?.toLowerCase().includes(view.filter));
}

function rowOf(request) {
  if (!rows.has(request.number))
    rows.set(request.number, makeRow(request));
  return rows.get(request.number);
}

function makeRow(request) {
  const tokens = request.tokens;
  return el("tr", { "data-number": request.number },
    el("td", null, clock(request.ended)),
    el("th", { scope: "row" },
      el("button", { type: "button", class: "plain mono", onclick: () => open(request) }, request.id),
      el("span", { class: "sub" }, [request.endpoint.replace(/^\/v1\//, ""), request.model, request.tenant === "default" ? null : request.tenant].filter(Boolean).join(" · "))),
    el("td", null, endingMark(request), request.error ? el("span", { class: "sub" }, request.error) : null),
    el("td", null, request.worker ? shortUrl(request.worker.url) : "–",
      request.attempts > 1 ? el("span", { class: "sub" }, `attempt ${request.attempts}`) : null,
      request.prefill_worker ? el("span", { class: "sub" }, `prefill ${shortUrl(request.prefill_worker.url)}`) : null),
    el("td", null, request.route ? policyOf(request.route) : "–", request.route?.rule ? el("span", { class: "sub" }, request.route.rule) : null),
    el("td", { class: "number" }, percent(request.route?.prefix_share)),
    el("td", { class: "number" }, milliseconds(request.first_piece_ms)),
    el("td", { class: "number" }, milliseconds(request.total_ms)),
    el("td", { class: "number" }, tokens ? `${number(tokens.prompt)} → ${number(tokens.completion)}` : "–"));
}

function open(request) {
  const row = rows.get(request.number);
  setAttribute(rows.get(view.open) ?? row, "aria-current", null);
  view.open = request.number;
  setAttribute(row, "aria-current", "true");
  showReceipt(request, () => {
    setAttribute(row, "aria-current", null);
    view.open = null;
    find("button", row)?.focus();
  });
}
