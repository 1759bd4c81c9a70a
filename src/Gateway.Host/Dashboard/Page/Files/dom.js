// Makes and changes elements. Whatever is shown goes in as text: nothing here, and nothing on this page, takes markup.

const SVG = "http://www.w3.org/2000/svg";

export const find = (selector, root = document) => root.querySelector(selector);

export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** An element with attributes and children; null and false leave an attribute or a child out. */
export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for what is drawn. */
export const draw = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

export function setText(node, text) {
  if (node.textContent !== text)
    node.textContent = text;
}

export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false)
    node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value))
    node.setAttribute(name, value);
}

/** Pairs of terms and values; those without a value are left out. */
export const facts = (...pairs) => pairs
  .filter(([, value]) => value !== null && value !== undefined && value !== "")
  .flatMap(([term, value]) => [el("dt", null, term), el("dd", null, value)]);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "onclick")
      node.addEventListener("click", value);
    else
      setAttribute(node, name, value);
  }

  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return node;
}
