// A chart of the last minutes: lines over time, told apart by dashes as well as by colour, whose values can be read with the pointer or the arrow keys.

import { draw, el, setAttribute, setText } from "./dom.js";
import { NOTHING } from "./format.js";
import { KEPT } from "./traffic.js";

const HEIGHT = 112;
const TOP = 14;
const BOTTOM = 16;
const STYLES = ["one", "two", "three"];

export class Chart {
  /**
   * title: what it shows; lines: [{ name, value(sample) }], null where there is nothing to show; format: of a value; ceiling: the highest value there
   * can be, if there is one; least: the scale ends no lower; isLogarithmic: each power of ten takes as much room, so that a peak does not hide the rest.
   */
  constructor({ title, lines, format, ceiling, least = 1, isLogarithmic = false }) {
    Object.assign(this, { title, lines, format, ceiling, least, isLogarithmic, cursor: null, samples: [] });
    this.figures = lines.map(() => el("b", null, NOTHING));
    this.grid = draw("g");
    this.area = draw("path", { class: "area" });
    this.paths = lines.map((_, i) => draw("path", { class: `stroke ${STYLES[i]}` }));
    this.mark = draw("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM, visibility: "hidden" });
    this.plot = draw("svg", {
      class: "plot", role: "slider", tabindex: 0, "aria-label": `${title}, along the last five minutes`, "aria-orientation": "horizontal",
      "aria-valuemin": 1 - KEPT, "aria-valuemax": 0, "aria-valuenow": 0,
    }, this.grid, this.area, this.paths, this.mark);
    this.readout = el("p", { class: "readout", "aria-hidden": "true" });
    this.node = el("figure", { class: "chart" },
      el("figcaption", null, el("strong", null, title), lines.map((line, i) => el("span", { class: "legend" },
        draw("svg", { viewBox: "0 0 18 8", "aria-hidden": "true" }, draw("path", { class: `stroke ${STYLES[i]}`, d: "M0 4H18" })), line.name, " ", this.figures[i]))),
      this.plot, this.readout);
    this.plot.addEventListener("keydown", event => this.#key(event));
    this.plot.addEventListener("pointermove", event => this.#point(event));
    this.plot.addEventListener("pointerleave", () => this.#look(null));
    this.plot.addEventListener("blur", () => this.#look(null));
    new ResizeObserver(() => this.show(this.samples)).observe(this.plot);
  }

  show(samples) {
    this.samples = samples;
    const width = this.width = Math.max(120, this.plot.clientWidth);
    const values = this.lines.map(line => samples.map(line.value));
    const there = values.flat().filter(value => value !== null);
    const marks = this.isLogarithmic ? powersAround(there, this.least) : halves(this.ceiling ?? niceCeiling(Math.max(this.least, ...there)));
    const x = index => width - 2 - (samples.length - 1 - index) * (width - 4) / (KEPT - 1);
    const share = this.isLogarithmic
      ? value => Math.max(0, Math.log10(value / marks[0]) / Math.log10(marks.at(-1) / marks[0]))
      : value => value / marks.at(-1);
    const y = value => HEIGHT - BOTTOM - share(value) * (HEIGHT - TOP - BOTTOM);
    setAttribute(this.plot, "viewBox", `0 0 ${width} ${HEIGHT}`);
    this.x = x;
    values.forEach((line, i) => {
      const d = pathOf(line, x, y);
      setAttribute(this.paths[i], "d", d || "M0 0");
      if (i === 0)
        setAttribute(this.area, "d", areaOf(line, x, y));
      setText(this.figures[i], this.format(line.findLast((value, at) => value !== null && at >= line.length - 10) ?? null));
    });
    this.#scale(width, marks, y);
    this.#look(this.cursor);
  }

  #scale(width, marks, y) {
    if (this.drawn === `${width} ${marks}`)
      return;
    this.drawn = `${width} ${marks}`;
    const named = this.isLogarithmic ? marks.slice(1) : [marks.at(-1)];
    this.grid.replaceChildren(
      ...marks.map(mark => draw("line", { class: "grid", x1: 0, x2: width, y1: y(mark), y2: y(mark) })),
      ...named.map(mark => draw("text", { x: 0, y: y(mark) - 3 }, this.format(mark))),
      draw("text", { x: 0, y: HEIGHT - 3 }, "5 min ago"),
      draw("text", { x: width, y: HEIGHT - 3, "text-anchor": "end" }, "now"));
  }

  #key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -30, PageUp: 30, Home: -KEPT, End: KEPT }[event.key];
    if (event.key === "Escape")
      this.#look(null);
    if (steps === undefined)
      return;
    event.preventDefault();
    this.#look(Math.min(0, Math.max(1 - KEPT, (this.cursor ?? (steps < 0 ? 1 : 0)) + steps)));
  }

  #point(event) {
    const share = (event.clientX - this.plot.getBoundingClientRect().left) / this.plot.clientWidth;
    this.#look(Math.min(0, Math.round((share - 1) * (KEPT - 1))));
  }

  /** At a sample, so many before the last one; null at none. */
  #look(cursor) {
    this.cursor = cursor;
    const index = this.samples.length - 1 + (cursor ?? 0);
    const sample = this.samples[index];
    setAttribute(this.mark, "visibility", cursor === null || !sample ? "hidden" : "visible");
    const said = sample
      ? `${cursor ? `${-cursor} s ago` : "now"}: ${this.lines.map(line => `${line.name} ${this.format(line.value(sample))}`).join(", ")}`
      : "nothing known";
    setAttribute(this.plot, "aria-valuenow", cursor ?? 0);
    setAttribute(this.plot, "aria-valuetext", said);
    setText(this.readout, cursor === null ? "" : said);
    if (cursor !== null && sample) {
      const x = this.x(index);
      setAttribute(this.mark, "x1", x);
      setAttribute(this.mark, "x2", x);
    }
  }
}

/** A value that stands alone is a short stroke. */
function pathOf(values, x, y) {
  let d = "";
  values.forEach((value, i) => {
    if (value === null)
      return;
    const isNew = i === 0 || values[i - 1] === null;
    d += `${isNew ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    if (isNew && (values[i + 1] ?? null) === null)
      d += "h1.5";
  });
  return d;
}

function areaOf(values, x, y) {
  if (values.length < 2 || values.some(value => value === null))
    return "M0 0";
  return `${pathOf(values, x, y)}V${y(0)}H${x(0).toFixed(1)}Z`;
}

const halves = highest => [0, highest / 2, highest];

/** Those that the values are between, and two at least. */
function powersAround(values, least) {
  const low = Math.floor(Math.log10(Math.max(0.1, Math.min(least, ...values))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(least, ...values))));
  return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
}

/** 1, 2 or 5 times a power of ten. */
function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find(step => step * power >= value) * power;
}
