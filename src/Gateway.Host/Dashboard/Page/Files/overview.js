// The figures and charts over the fleet.

import { Chart } from "./chart.js";
import { el, find, setAttribute } from "./dom.js";
import { isTrouble, workers, workersChanged } from "./fleet.js";
import { milliseconds, NOTHING, number, percent } from "./format.js";
import { latest, samples, sum, trafficChanged } from "./traffic.js";

const rate = name => sample => sample[name] / sample.seconds;
const share = (part, whole) => sample => sample[whole] > 0 ? sample[part] / sample[whole] : null;
const figure = name => sample => sample[name] ?? null;

export function run() {
  const charts = [
    new Chart({
      title: "Requests a second", format: number,
      lines: [
        { name: "answered", value: rate("good") },
        { name: "refused", value: rate("refused") },
        { name: "failed", value: rate("failed") },
      ],
    }),
    new Chart({
      title: "Time to first token", format: milliseconds, least: 10, isLogarithmic: true,
      lines: [{ name: "half", value: figure("first_piece_p50_ms") }, { name: "95 %", value: figure("first_piece_p95_ms") }],
    }),
    new Chart({
      title: "Tokens a second", format: number, least: 10,
      lines: [{ name: "generated", value: rate("completion_tokens") }, { name: "prefilled", value: sample => (sample.prompt_tokens - sample.cached_tokens) / sample.seconds }],
    }),
    new Chart({
      title: "Prompts found in cache", format: percent, ceiling: 1,
      lines: [{ name: "engines say", value: share("cached_tokens", "prompt_tokens") }, { name: "expected", value: share("known_bytes", "prompt_bytes") }],
    }),
  ];
  find("#charts").append(...charts.map(chart => chart.node));
  const show = () => {
    if (document.hidden)
      return;
    showTraffic();
    charts.forEach(chart => chart.show(samples));
  };
  trafficChanged.on(show);
  document.addEventListener("visibilitychange", show);
  workersChanged.on(showWorkers);
}

const tile = name => find(`[data-tile=${name}]`);

function showTraffic() {
  const last = samples.at(-1);
  tile("inside").textContent = number(last?.inside);
  tile("waiting").textContent = number(last?.waiting);
  tile("first").textContent = milliseconds(latest("first_piece_p95_ms", 10));
  const failed = sum("failed", 60);
  const ended = failed + sum("good", 60) + sum("refused", 60) + sum("client_gone", 60);
  tile("failed").replaceChildren(number(failed), " ", el("small", null, `of ${number(ended)}`));
  setAttribute(tile("failed"), "data-tone", failed > 0 ? "bad" : null);
  const prompts = sum("prompt_tokens", 60);
  tile("cache").textContent = prompts > 0 ? percent(sum("cached_tokens", 60) / prompts) : NOTHING;
}

/** Ranks are parts of workers that are counted already. */
function showWorkers() {
  const whole = [...workers.values()].filter(worker => !worker.belongs_to);
  const ready = whole.filter(worker => worker.status === "ready").length;
  tile("ready").replaceChildren(number(ready), " ", el("small", null, `of ${number(whole.length)}`));
  setAttribute(tile("ready"), "data-tone", whole.some(isTrouble) ? "bad" : null);
}
