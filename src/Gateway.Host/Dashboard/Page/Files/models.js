// The table of models and their policies.

import { changePolicy } from "./actions.js";
import { el, find, setText } from "./dom.js";
import { about, aboutChanged, models, modelsChanged, ROLES } from "./fleet.js";
import { number } from "./format.js";

const SOURCES = {
  default: "by default",
  configuration: "as configured",
  label: "by a worker’s label",
  api: "chosen while running",
  api_default: "chosen while running, for all models",
};

export function run() {
  modelsChanged.on(show);
  aboutChanged.on(show);
}

function show() {
  const body = find("#models").tBodies[0];
  const focused = document.activeElement?.dataset?.model;
  body.replaceChildren(...models.list.map(row));
  // What has the focus is made anew with the rest.
  if (focused !== undefined)
    [...body.querySelectorAll("button")].find(button => button.dataset.model === focused)?.focus();
  setText(find("#models-count"), String(models.list.length));
  find("#models-none").hidden = models.list.length > 0;
  find("#models").parentElement.hidden = models.list.length === 0;
}

function row(model) {
  const name = model.id === "*" ? "any other" : model.id;
  const sub = [
    model.aliases.length > 0 ? `also ${model.aliases.join(", ")}` : null,
    model.context_length ? `${number(model.context_length)} tokens` : null,
  ].filter(Boolean).join(" · ");
  const used = ROLES.filter(role => model.roles[role]);
  // A model of pairs has no regular workers, but a policy for them.
  const policies = used.map(role => el("div", null,
    used.length > 1 ? `${role}: ` : null, model.roles[role].policy, el("span", { class: "sub" }, SOURCES[model.roles[role].source] ?? model.roles[role].source)));
  return el("tr", null,
    el("th", { scope: "row", class: "wrap" }, name, sub ? el("span", { class: "sub" }, sub) : null),
    el("td", { class: "number" }, number(model.ready)),
    el("td", { class: "wrap" }, policies, about.role === "viewer" ? null : el("button", {
      type: "button", class: "plain", "data-model": model.id, "aria-label": `Change the policy of ${name}`, onclick: () => changePolicy(model),
    }, "Change…")));
}
