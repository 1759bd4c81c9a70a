// Writes src/Gateway.Text/Tokenizers/Unicode/characters.txt: the sets of characters that parts of the original take from tables of their own,
// each of another Unicode version. Run by hand when @anush008/tokenizers is updated, as normalization-table.mjs.
import { bertNormalizer, bertPreTokenizer, digitsPreTokenizer, nfdNormalizer, stripAccentsNormalizer } from "@anush008/tokenizers";

const bert = (cleanText, stripAccents) => bertNormalizer({ cleanText, handleChineseChars: false, stripAccents, lowercase: false });
const [cleaning, stripping, accents, nfd] = [bert(true, false), bert(false, true), stripAccentsNormalizer(), nfdNormalizer()];
const [words, digits] = [bertPreTokenizer(), digitsPreTokenizer(true)];
const isolates = (preTokenizer, character) => preTokenizer.preTokenizeString(`a${character}b`).length === 3;
const sets = {
  "mark": (character) => accents.normalizeString(character) === "",
  "bert-nonspacing": (character) => nfd.normalizeString(character) === character && stripping.normalizeString(character) === "",
  "bert-control": (character) => cleaning.normalizeString(character) === "",
  "punctuation": (character) => isolates(words, character),
  "number": (character) => isolates(digits, character),
};
const hex = (value) => value.toString(16).toUpperCase().padStart(4, "0");
for (const [name, contains] of Object.entries(sets)) {
  const ranges = [];
  for (let value = 0; value < 0x110000; value++) {
    if ((value >= 0xd800 && value < 0xe000) || !contains(String.fromCodePoint(value)))
      continue;
    if (ranges.length > 0 && ranges.at(-1)[1] === value - 1)
      ranges.at(-1)[1] = value;
    else
      ranges.push([value, value]);
  }
  console.log(name, ranges.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`)).join(" "));
}
