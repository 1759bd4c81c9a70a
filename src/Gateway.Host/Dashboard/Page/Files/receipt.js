// One request in full: where it went and why, and where its time went.

import { draw, el, facts, find } from "./dom.js";
import { bytes, milliseconds, NOTHING, number, percent, shortUrl } from "./format.js";
import { endingMark } from "./state.js";
import { policyOf, why } from "./why.js";

const PARTS = [
  ["body", "reading the body"],
  ["queue", "waiting for a place"],
  ["engine", "waiting for engines"],
  ["backoff", "pausing before a retry"],
  ["client", "waiting for the client to take it"],
  ["gateway", "the gateway itself"],
];

export function showReceipt(request, closed) {
  const panel = find("#receipt");
  const close = () => {
    panel.hidden = true;
    closed();
  };
  panel.replaceChildren(
    el("h3", { id: "receipt-title" }, el("span", { class: "mono" }, request.id), el("button", { type: "button", class: "small", "aria-label": "Close the receipt", onclick: close }, "Close")),
    el("dl", { class: "facts" }, facts(
      ["Status", endingMark(request)],
      ["Error", request.error],
      ["Ended", new Date(request.ended).toLocaleString()],
      ["Endpoint", `${request.endpoint}${request.stream ? ", streamed" : ""}`],
      ["Model", request.model],
      ["Tenant", request.tenant],
      ["Worker", request.worker ? `${request.worker.url}, epoch ${request.worker.epoch}` : null],
      ["Prefill", request.prefill_worker ? `${request.prefill_worker.url}, epoch ${request.prefill_worker.epoch}` : null],
      ["Attempts", String(request.attempts)])),
    ...reasons(request),
    ...times(request),
    ...sizes(request));
  panel.onkeydown = event => event.key === "Escape" && close();
  panel.hidden = false;
  panel.focus();
}

function reasons(request) {
  const title = el("h4", null, "Why there");
  if (!request.route)
    return [title, el("p", { class: "why" }, "No worker was chosen for it.")];
  const { route } = request;
  return [
    title,
    el("div", { class: "why" }, why(request).map(sentence => el("p", null, sentence))),
    el("dl", { class: "facts" }, facts(["Policy", policyOf(route)], ["Rule", route.rule], ["Prefix share", route.prefix_share === undefined ? null : percent(route.prefix_share)])),
    ...route.weighed ? weighed(request) : [el("p", { class: "hint" }, "How each worker was weighed is noted for some requests a second, while this page is open.")],
  ];
}

function weighed({ route, worker, prefill_worker: prefill }) {
  const chosen = [worker.url, prefill?.url];
  const hasCost = route.weighed.some(candidate => candidate.cost !== undefined);
  const number_ = text => el("td", { class: "number" }, text);
  return [el("table", { class: "mini" },
    el("caption", { class: "hidden" }, "Workers as they were weighed, the cheapest first"),
    el("thead", null, el("tr", null, el("th", { scope: "col" }, "Candidate"), [hasCost ? "Cached" : null, "Running", "Pending", hasCost ? "Cost" : null].filter(Boolean)
      .map(name => el("th", { scope: "col", class: "number" }, name)))),
    el("tbody", null, route.weighed.map(candidate => el("tr", { class: chosen.includes(candidate.url) ? "chosen" : null },
      el("th", { scope: "row", class: "wrap" }, shortUrl(candidate.url), chosen.includes(candidate.url) ? el("span", { class: "sub" }, "chosen") : null),
      hasCost ? number_(bytes(candidate.known_bytes)) : null,
      number_(number(candidate.running)),
      number_(bytes(candidate.pending_bytes)),
      hasCost ? number_(number(candidate.cost)) : null))))];
}

function times(request) {
  const total = request.total_ms;
  const parts = PARTS.filter(([name]) => request.times[name] > 0);
  let x = 0;
  const bars = parts.map(([name]) => {
    const width = total > 0 ? request.times[name] / total * 100 : 0;
    const bar = draw("rect", { class: `p-${name}`, x, y: 0, width, height: 12 });
    x += width;
    return bar;
  });
  return [
    el("h4", null, "Where its time went"),
    el("div", { class: "spent", "aria-hidden": "true" }, draw("svg", { viewBox: "0 0 100 12", preserveAspectRatio: "none" }, bars)),
    el("table", { class: "mini" },
      el("caption", { class: "hidden" }, "Parts of the request’s time"),
      el("tbody", null,
        parts.map(([name, words]) => el("tr", null,
          el("th", { scope: "row" }, el("span", { class: `swatch p-${name}`, "aria-hidden": "true" }), words),
          el("td", { class: "number" }, milliseconds(request.times[name])))),
        el("tr", { class: "chosen" }, el("th", { scope: "row" }, "in all"), el("td", { class: "number" }, milliseconds(total))),
        el("tr", null, el("th", { scope: "row" }, "first piece of the answer after"), el("td", { class: "number" }, milliseconds(request.first_piece_ms))))),
  ];
}

function sizes({ bytes_in: sent, bytes_out: got, tokens }) {
  return [
    el("h4", null, "How much it was"),
    el("dl", { class: "facts" }, facts(
      ["Request", bytes(sent)],
      ["Answer", bytes(got)],
      ["Prompt", tokens ? `${number(tokens.prompt)} tokens, ${number(tokens.cached)} of them cached` : NOTHING],
      ["Generated", tokens ? `${number(tokens.completion)} tokens` : "the engine did not tell"],
      ["Thinking", tokens?.reasoning > 0 ? `${number(tokens.reasoning)} tokens` : null])),
  ];
}
