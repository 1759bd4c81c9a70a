// The table of workers. Rows stay the same elements as long as their workers live, so that focus stays where it is; only cells that differ are written.

import { drain, remove } from "./actions.js";
import { el, find, findAll, setAttribute, setText } from "./dom.js";
import { about, aboutChanged, isTrouble, stateWord, workers, workersChanged } from "./fleet.js";
import { duration, number, shortUrl } from "./format.js";
import { breakerMark, stateMark } from "./state.js";

/** Rows that are made without being asked for. */
const FIRST_ROWS = 200;

const ORDER = { failed: 0, not_ready: 1, pending: 2, draining: 3, ready: 4 };
const KEYS = {
  url: worker => worker.url,
  status: worker => worker.breaker === "open" ? -1 : ORDER[worker.status],
  load: worker => -worker.load,
  breaker: worker => worker.breaker === "closed" ? 1 : 0,
  epoch: worker => -worker.epoch,
  since: worker => -worker.since,
};

const rows = new Map();
const view = { filter: "", state: "", sort: "status", descending: false, all: false };
let table;
let isDue = false;
let needsOrder = true;

export function run() {
  table = find("#workers");
  find("#workers-filter").addEventListener("input", event => change({ filter: event.target.value.trim().toLowerCase() }));
  find("#workers-state").addEventListener("change", event => change({ state: event.target.value }));
  find("#workers-more").addEventListener("click", () => change({ all: true }));
  for (const head of findAll("th[data-sort]", table))
    find("button", head).addEventListener("click", () => sortBy(head));
  workersChanged.on(({ changed, order }) => {
    for (const id of changed)
      rows.get(id)?.mark();
    // Loads move all the time: rows do not follow them unless they are what is sorted by.
    schedule(order || ["load", "breaker"].includes(view.sort) || view.state === "trouble" || view.filter !== "");
  });
  aboutChanged.on(() => schedule(true));
  // Ages grow by themselves.
  setInterval(() => schedule(false), 5000);
  document.addEventListener("visibilitychange", () => schedule(false));
}

function change(what) {
  Object.assign(view, what);
  schedule(true);
}

function sortBy(head) {
  const sort = head.dataset.sort;
  change({ sort, descending: view.sort === sort && !view.descending });
  for (const other of findAll("th[data-sort]", table))
    setAttribute(other, "aria-sort", other === head ? (view.descending ? "descending" : "ascending") : null);
}

function schedule(order) {
  needsOrder ||= order;
  if (isDue)
    return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    show();
  });
}

function show() {
  if (needsOrder)
    arrange();
  const most = Math.max(4, ...[...workers.values()].map(worker => worker.load));
  for (const row of table.tBodies[0].rows)
    rows.get(row.dataset.id)?.show(most);
}

function arrange() {
  needsOrder = false;
  const whole = [...workers.values()].filter(worker => !worker.belongs_to);
  const found = whole.filter(matches).sort(compare);
  const shown = view.all ? found : found.slice(0, FIRST_ROWS);
  const ranks = Map.groupBy([...workers.values()].filter(worker => worker.belongs_to), worker => worker.belongs_to);
  const ids = shown.flatMap(worker => [worker.id, ...(ranks.get(worker.id) ?? []).sort((a, b) => a.dp_rank - b.dp_rank).map(rank => rank.id)]);
  for (const id of rows.keys()) {
    if (!workers.has(id))
      rows.delete(id);
  }

  const wanted = ids.map(id => {
    if (!rows.has(id))
      rows.set(id, new Row(id));
    return rows.get(id).node;
  });
  place(table.tBodies[0], wanted);
  setText(find("#workers-count"), found.length === whole.length ? String(whole.length) : `${found.length} of ${whole.length}`);
  find("#workers-none").hidden = found.length > 0;
  setText(find("#workers-none"), whole.length === 0 ? "No workers yet." : "No worker is like that.");
  table.parentElement.hidden = found.length === 0;
  find("#workers-more").hidden = shown.length === found.length;
  setText(find("#workers-more"), `Show all ${found.length}`);
}

/** Moves no row that is in its place: one that is moved loses the focus. */
function place(body, wanted) {
  const kept = new Set(wanted);
  for (const row of [...body.rows]) {
    if (!kept.has(row))
      row.remove();
  }

  wanted.forEach((row, i) => {
    if (body.rows[i] !== row)
      body.insertBefore(row, body.rows[i] ?? null);
  });
}

function matches(worker) {
  if (view.state === "trouble" ? !isTrouble(worker) : view.state && worker.status !== view.state)
    return false;
  return !view.filter || [worker.url, worker.id, worker.reason, worker.worker_type, worker.runtime_type, ...worker.models]
    .some(text => text?.toLowerCase().includes(view.filter));
}

function compare(a, b) {
  const key = KEYS[view.sort];
  const [one, other] = [key(a), key(b)];
  const order = one < other ? -1 : one > other ? 1 : 0;
  return (view.descending ? -order : order) || a.ordinal - b.ordinal;
}

class Row {
  constructor(id) {
    const worker = workers.get(id);
    this.id = id;
    this.shown = {};
    const cell = className => el("td", { class: className });
    this.name = el("th", { scope: "row", class: "wrap" });
    this.state = cell("wrap state-cell");
    this.load = el("span");
    this.bar = el("i");
    this.breaker = cell();
    this.epoch = cell("number");
    this.since = cell("number");
    this.actions = cell("actions");
    this.node = el("tr", { "data-id": id, class: worker.belongs_to ? "rank" : null },
      this.name, this.state, el("td", { class: "number" }, this.load, el("span", { class: "meter", "aria-hidden": "true" }, this.bar)),
      this.breaker, this.epoch, this.since, this.actions);
  }

  /** It has changed, which is to be seen when it is one of the things that operators look for. */
  mark() {
    this.isMarked = true;
  }

  show(most) {
    const worker = workers.get(this.id);
    if (!worker)
      return;
    const load = worker.peer_load > 0 ? `${number(worker.load)} + ${number(worker.peer_load)}` : number(worker.load);
    setText(this.load, load);
    setAttribute(this.load, "title", worker.peer_load > 0 ? "of this gateway + of the others" : null);
    this.bar.style.width = `${Math.round(worker.load / most * 100)}%`;
    setText(this.since, duration(Date.now() - worker.since));
    setText(this.epoch, String(worker.epoch));
    this.#write("name", `${worker.url} ${worker.models} ${worker.engine_version}`, () => [worker.belongs_to ? `rank ${worker.dp_rank}` : shortUrl(worker.url), this.#kind(worker)], this.name);
    this.#write("state", `${worker.status} ${worker.reason}`, () => worker.belongs_to
      ? [el("span", { class: "hidden" }, stateWord(worker.status))]
      : [stateMark(worker.status), worker.reason ? el("span", { class: "sub" }, worker.reason) : null], this.state, true);
    this.#write("breaker", worker.breaker, () => [breakerMark(worker.breaker)], this.breaker, true);
    this.#write("actions", `${worker.status} ${about.role}`, () => this.#buttons(worker), this.actions);
    this.isMarked = false;
  }

  #kind(worker) {
    const engine = [worker.runtime_type, worker.engine_version].filter(word => word && word !== "unspecified").join(" ");
    const words = [
      worker.models.join(", "),
      worker.worker_type === "regular" ? null : worker.worker_type,
      engine,
      worker.connection_mode === "grpc" ? "gRPC" : null,
      worker.ranks ? `${worker.ranks} ranks` : null,
    ].filter(Boolean);
    return words.length > 0 && !worker.belongs_to ? el("span", { class: "sub" }, words.join(" · ")) : null;
  }

  #buttons(worker) {
    if (worker.belongs_to || about.role === "viewer")
      return [];
    const button = (word, action) => el("button", { type: "button", class: "small", "aria-label": `${word} ${worker.url}`, onclick: () => action(workers.get(this.id)) }, `${word}…`);
    return [worker.status === "draining" ? null : button("Drain", drain), button("Remove", remove)];
  }

  /** Writes a cell if what it shows has changed. */
  #write(name, value, make, cell, isNews = false) {
    if (this.shown[name] === value)
      return;
    if (isNews && this.shown[name] !== undefined) {
      this.node.classList.remove("changed");
      void this.node.offsetWidth;
      this.node.classList.add("changed");
    }

    this.shown[name] = value;
    cell.replaceChildren(...make().filter(Boolean));
  }
}
