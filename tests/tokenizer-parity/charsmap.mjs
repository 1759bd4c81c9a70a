// Compiles replacements as SentencePiece does: a double-array trie (in Darts-clone's layout) over UTF-8, and the replacements it points to.
export function charsmap(replacements) {
  const root = { children: new Map(), value: -1 };
  const strings = [];
  let length = 0;
  for (const [from, to] of replacements) {
    let node = root;
    for (const byte of Buffer.from(from)) {
      if (!node.children.has(byte))
        node.children.set(byte, { children: new Map(), value: -1 });
      node = node.children.get(byte);
    }
    node.value = length;
    const bytes = Buffer.concat([Buffer.from(to), Buffer.from([0])]);
    strings.push(bytes);
    length += bytes.length;
  }
  const units = new Map([[0, 0]]);
  const place = (node, position, label) => {
    const labels = [...node.children.keys(), ...(node.value >= 0 ? [0] : [])];
    let base = 1;
    while (labels.some((child) => units.has(base ^ child)))
      base++;
    labels.forEach((child) => units.set(base ^ child, 0));
    const offset = position ^ base;
    units.set(position, (label | (node.value >= 0 ? 0x100 : 0) | (offset << 10)) >>> 0);
    if (node.value >= 0)
      units.set(base, (node.value | 0x80000000) >>> 0);
    for (const [child, below] of node.children)
      place(below, base ^ child, child);
  };
  place(root, 0, 0);
  const trie = Buffer.alloc((Math.max(...units.keys()) + 256) * 4);
  for (const [position, unit] of units)
    trie.writeUInt32LE(unit, position * 4);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(trie.length);
  return Buffer.concat([size, trie, ...strings]).toString("base64");
}
