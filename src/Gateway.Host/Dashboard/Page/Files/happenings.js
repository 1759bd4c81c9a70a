// What has happened to workers since the page was opened, to be read later and to be heard.

import { el, find } from "./dom.js";
import { happened } from "./fleet.js";
import { clock, shortUrl } from "./format.js";
import { announce } from "./live.js";

const KEPT = 100;

export function run() {
  const list = find("#events");
  happened.on(({ time, worker, text, tone }) => {
    const name = worker.belongs_to ? worker.url : shortUrl(worker.url);
    list.prepend(el("li", null,
      el("time", { datetime: new Date(time).toISOString() }, clock(time)),
      el("span", null, el("span", { class: "wrap" }, name), " ", el("span", { class: `sub ${tone}` }, text))));
    while (list.children.length > KEPT)
      list.lastChild.remove();
    find("#events-none").hidden = true;
    announce(`${name} ${text}`);
  });
}
