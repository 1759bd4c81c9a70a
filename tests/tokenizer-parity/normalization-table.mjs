// Writes src/Gateway.Text/Tokenizers/Unicode/normalization.txt: decompositions, combining classes and what does not compose,
// as the original implementation has them. Its Unicode version is older than that of any runtime, so no runtime's own tables will do.
// Run by hand when @anush008/tokenizers is updated: node normalization-table.mjs > ../../src/Gateway.Text/Tokenizers/Unicode/normalization.txt
import { nfcNormalizer, nfdNormalizer, nfkdNormalizer } from "@anush008/tokenizers";

const [nfc, nfd, nfkd] = [nfcNormalizer(), nfdNormalizer(), nfkdNormalizer()].map((form) => (text) => form.normalizeString(text));
const hex = (text) => [...text].map((character) => character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")).join(" ");
const isHangul = (value) => value >= 0xac00 && value <= 0xd7a3;
const classes = new Map();

// One mark of each combining class, so that the class of any character follows from the order in which the original puts the two.
const marks = [
  [1, 0x0334], [7, 0x093c], [8, 0x3099], [9, 0x094d], [10, 0x05b0], [11, 0x05b1], [12, 0x05b2], [13, 0x05b3], [14, 0x05b4],
  [15, 0x05b5], [16, 0x05b6], [17, 0x05b7], [18, 0x05b8], [19, 0x05b9], [20, 0x05bb], [21, 0x05bc], [22, 0x05bd], [23, 0x05bf],
  [24, 0x05c1], [25, 0x05c2], [26, 0xfb1e], [27, 0x064b], [28, 0x064c], [29, 0x064d], [30, 0x064e], [31, 0x064f], [32, 0x0650],
  [33, 0x0651], [34, 0x0652], [35, 0x0670], [36, 0x0711], [84, 0x0c55], [91, 0x0c56], [103, 0x0e38], [107, 0x0e48], [118, 0x0eb8],
  [122, 0x0ec8], [129, 0x0f71], [130, 0x0f72], [132, 0x0f74], [202, 0x0321], [214, 0x1dce], [216, 0x031b], [218, 0x302a], [220, 0x0316],
  [222, 0x059a], [224, 0x302e], [226, 0x1d16d], [228, 0x05ae], [230, 0x0301], [232, 0x0315], [233, 0x035c], [234, 0x035d], [240, 0x0345],
].map(([value, codePoint]) => [value, String.fromCodePoint(codePoint)]);
const reorders = (first, second) => {
  const [a, b] = [nfd(first), nfd(second)];
  return nfd("a" + first + second) === "a" + b + a && a !== b;
};
const classOf = (character) => {
  const above = marks.filter(([, mark]) => reorders(character, mark)).map(([value]) => value);
  const below = marks.filter(([, mark]) => reorders(mark, character)).map(([value]) => value);
  if (above.length === 0 && below.length === 0)
    return 0;
  const between = marks.map(([value]) => value).filter((value) => !above.includes(value) && !below.includes(value));
  if (between.length !== 1)
    throw new Error(`No class for ${hex(character)}: ${between}`);
  return between[0];
};

const lines = [];
for (let value = 0; value < 0x110000; value++) {
  if ((value >= 0xd800 && value < 0xe000) || isHangul(value))
    continue;
  const character = String.fromCodePoint(value);
  const [canonical, compatible] = [nfd(character), nfkd(character)];
  if (canonical !== character)
    lines.push(`${hex(character)}${nfc(canonical) === character ? "=" : "!"}${hex(canonical)}`);
  if (compatible !== canonical)
    lines.push(`${hex(character)}~${hex(compatible)}`);
  if (canonical === character && (reorders(character, marks[0][1]) || reorders(marks.at(-1)[1], character))) {
    const combining = classOf(character);
    if (combining > 0)
      classes.set(combining, [...(classes.get(combining) ?? []), value]);
  }
}
for (const [combining, values] of [...classes].sort(([a], [b]) => a - b)) {
  const ranges = [];
  for (const value of values) {
    if (ranges.length > 0 && ranges.at(-1)[1] === value - 1)
      ranges.at(-1)[1] = value;
    else
      ranges.push([value, value]);
  }
  lines.push(`@${combining} ${ranges.map(([from, to]) => (from === to ? hex(String.fromCodePoint(from)) : `${hex(String.fromCodePoint(from))}-${hex(String.fromCodePoint(to))}`)).join(" ")}`);
}
console.log(lines.join("\n"));
