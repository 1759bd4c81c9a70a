// Asks a model something, shows the answer as it comes, and which worker gave it and why.

import { el, facts, find, setText } from "./dom.js";
import { eventsOf } from "./events.js";
import { models, modelsChanged, workers } from "./fleet.js";
import { milliseconds, number, percent, plural } from "./format.js";
import { findRequest, requestEnded } from "./requests.js";
import { addressOf, refusalOf } from "./session.js";
import { policyOf, why } from "./why.js";

let running = null;

export function run() {
  modelsChanged.on(showModels);
  find("#play").addEventListener("submit", event => {
    event.preventDefault();
    ask();
  });
  find("#play-stop").addEventListener("click", () => running?.abort());
  find("#play-message").addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      find("#play").requestSubmit();
    }
  });
}

function showModels() {
  const select = find("#play-model");
  const names = models.list.filter(model => model.id !== "*").map(model => model.id);
  if (names.join("\n") === [...select.options].map(option => option.value).join("\n"))
    return;
  const chosen = select.value;
  select.replaceChildren(...names.map(name => el("option", null, name)));
  if (names.includes(chosen))
    select.value = chosen;
}

async function ask() {
  const stop = running = new AbortController();
  const seen = { pieces: 0, text: "", begun: performance.now() };
  setBusy(true);
  find("#play-why").textContent = "";
  find("#play-facts").replaceChildren();
  const answer = find("#answer");
  answer.replaceChildren();
  say("Asking.");
  try {
    const response = await fetch(addressOf("v1/chat/completions"), { method: "POST", headers: headers(), body: JSON.stringify(body()), signal: stop.signal });
    seen.id = response.headers.get("x-request-id");
    seen.headers = response.headers;
    if (!response.ok)
      throw await refusalOf(response);
    for await (const { data } of eventsOf(response))
      take(data, seen, answer);
    say("The answer is complete.");
  } catch (failure) {
    if (stop.signal.aborted)
      say("Stopped.");
    else
      fail(failure, answer);
  } finally {
    seen.ended = performance.now();
    setBusy(false);
    running = null;
  }

  showFacts(seen);
  explainWhenKnown(seen);
}

function body() {
  const of = name => find(`#play-${name}`).value;
  const messages = [{ role: "user", content: of("message") }];
  if (of("system").trim())
    messages.unshift({ role: "system", content: of("system") });
  return { model: of("model"), messages, max_tokens: Number(of("tokens")) || 256, stream: true, stream_options: { include_usage: true } };
}

/** Never the control plane's key: without a key of its own, the gateway passes a client's on to the engine. */
function headers() {
  const key = find("#play-key").value.trim();
  const routing = find("#play-routing").value.trim();
  return {
    "content-type": "application/json",
    "x-route-explain": "1",
    ...key ? { authorization: `Bearer ${key}` } : {},
    ...routing ? { "x-routing-key": routing } : {},
  };
}

function take(data, seen, answer) {
  if (data === "[DONE]")
    return;
  const chunk = JSON.parse(data);
  if (chunk.error)
    throw new Error(chunk.error.message ?? "The stream broke.");
  seen.usage = chunk.usage ?? seen.usage;
  const delta = chunk.choices?.[0]?.delta;
  const [text, className] = delta?.content ? [delta.content, null] : [delta?.reasoning_content ?? "", "thinking"];
  if (!text)
    return;
  seen.first ??= performance.now();
  seen.pieces++;
  if (answer.lastChild?.className === (className ?? ""))
    answer.lastChild.append(text);
  else
    answer.append(el("span", { class: className ?? "" }, text));
  answer.scrollTop = answer.scrollHeight;
}

function fail(failure, answer) {
  answer.append(el("p", { class: "error" }, failure.message));
  say(failure.message);
  if (failure.status === 401 || failure.status === 403)
    find("#play-key").focus();
}

function setBusy(isBusy) {
  find("#play-send").disabled = isBusy;
  find("#play-stop").disabled = !isBusy;
  find("#answer").setAttribute("aria-busy", isBusy);
}

const say = text => setText(find("#play-status"), text);

/** The gateway tells by itself how a request went, when it has ended; the headers of the answer tell it too, if the operator allows it. */
function showFacts(seen, record) {
  const header = name => seen.headers?.get(name) ?? null;
  const told = header("x-route-worker");
  const tokens = seen.usage?.completion_tokens;
  const writing = seen.first ? (seen.ended - seen.first) / 1000 : 0;
  const share = record?.route?.prefix_share ?? header("x-route-prefix-share");
  find("#play-facts").replaceChildren(...facts(
    ["Worker", record?.worker?.url ?? (told ? workers.get(told)?.url ?? told : null)],
    ["Policy", record?.route ? policyOf(record.route) : header("x-route-policy")],
    ["Rule", record?.route?.rule ?? header("x-route-rule")],
    ["Prefix share", share === null || share === undefined ? null : percent(Number(share))],
    ["Attempts", String(record?.attempts ?? header("x-route-attempts") ?? "") || null],
    ["First token", seen.first ? milliseconds(seen.first - seen.begun) : null],
    ["In all", milliseconds(seen.ended - seen.begun)],
    ["Tokens", tokens ? `${number(tokens)}${writing > 0 && tokens > 1 ? `, ${number((tokens - 1) / writing)} a second` : ""}` : seen.pieces > 0 ? plural(seen.pieces, "piece") : null],
    ["Cached", seen.usage?.prompt_tokens_details ? `${number(seen.usage.prompt_tokens_details.cached_tokens ?? 0)} of ${number(seen.usage.prompt_tokens)} prompt tokens` : null],
    ["Request", seen.id],
  ));
}

function explainWhenKnown(seen) {
  const explain = record => {
    showFacts(seen, record);
    if (record.route)
      setText(find("#play-why"), why(record).join(" "));
  };
  const known = seen.id && findRequest(seen.id);
  if (known) {
    explain(known);
    return;
  }

  let isDone = false;
  requestEnded.on(record => {
    if (isDone || record.id !== seen.id)
      return;
    isDone = true;
    explain(record);
  });
}
