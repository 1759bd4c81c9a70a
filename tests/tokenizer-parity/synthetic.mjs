// Small tokenizers for the parts that no real vocabulary at hand uses. Returns names, files, texts, and whether decoding counts.
import { charsmap } from "./charsmap.mjs";
import { random } from "./corpus.mjs";

const alphabet = () => {
  const characters = [];
  for (let value = 0, moved = 0; value < 256; value++) {
    const itself = (value >= 33 && value <= 126) || (value >= 161 && value <= 172) || value >= 174;
    characters.push(String.fromCodePoint(itself ? value : 256 + moved++));
  }
  return characters;
};
const number = (tokens) => Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
const added = (content, options = {}) => ({ id: 0, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...options });
const file = (model, parts = {}) => ({ version: "1.0", truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...parts, model });
const sequence = (...pretokenizers) => ({ type: "Sequence", pretokenizers });
const split = (pattern, behavior = "Isolated", invert = false) => ({ type: "Split", pattern, behavior, invert });
const spelled = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
const bpe = (vocab, options = {}) => ({ type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges: [], ...options });

/** A model without merges that shows each byte, and where pieces end. */
const pieces = bpe(number([...alphabet(), ...alphabet().map((character) => character + "</w>")]), { end_of_word_suffix: "</w>" });
const shown = (normalizer, ...steps) => file(pieces, { normalizer, pre_tokenizer: sequence(...steps, spelled), decoder: { type: "BPEDecoder", suffix: "</w>" } });

const replacements = [["ﬁ", "fi"], ["Å", "A"], ["A", "a"], ["é", "e"], ["e\u0301", "E"], ["①", "1"], ["　", " "], ["\t", " "], ["\u200b", ""], ["한", "han"], ["Ⅷ", "VIII"], ["🇩", "D"], ["\r\n", "\n"], ["ｶ", "カ"], ["\u0e33", "\u0e4d\u0e32"]];

const kimi = String.raw`[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

export function synthetic(texts) {
  const { below, pick, next } = random(3);
  const list = [];
  const add = (name, json) => list.push([name, json]);

  for (const form of ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"])
    add(form.toLowerCase(), shown({ type: form }));
  add("strip", shown({ type: "Sequence", normalizers: [{ type: "Strip", strip_left: true, strip_right: false }, { type: "Prepend", prepend: "_" }, { type: "Strip", strip_left: false, strip_right: true }] }));
  add("replace", shown({ type: "Sequence", normalizers: [{ type: "Replace", pattern: { Regex: "[a-c]+|\\s{2,}" }, content: "$1x" }, { type: "Replace", pattern: { String: "the" }, content: "" }] }));
  add("bert-normalizer", shown({ type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true }));
  add("bert-cased", shown({ type: "BertNormalizer", clean_text: true, handle_chinese_chars: false, strip_accents: true, lowercase: false }));
  add("precompiled", shown({ type: "Precompiled", precompiled_charsmap: charsmap(replacements) }));

  add("whitespace", shown(null, { type: "Whitespace" }));
  add("whitespace-split", shown(null, { type: "WhitespaceSplit" }));
  add("bert", shown(null, { type: "BertPreTokenizer" }));
  add("digits", shown(null, { type: "Digits", individual_digits: false }));
  add("single-digits", shown(null, { type: "Digits", individual_digits: true }));
  add("delimiter", shown(null, { type: "CharDelimiterSplit", delimiter: "e" }));
  for (const behavior of ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]) {
    add(`punctuation-${behavior.toLowerCase()}`, shown(null, { type: "Punctuation", behavior }));
    add(`inverted-${behavior.toLowerCase()}`, shown(null, split({ Regex: "\\p{Lu}|\\d" }, behavior, true)));
  }
  const regexes = ["\\w+", "\\W", "[A-Z]+[a-z]*|\\d+|^ +| $", "(?i:the|s|k)+", "\\s+(?=\\S)|.", "\\p{N}{1,2}+", "[^\\p{L}]?+\\p{L}+", "[\\p{L}&&[^\\p{Han}]]+|\\p{Han}{,2}", "[\\p{So}\\p{Sc}]|\\P{L}{2}|\\p{^N}\\x{61}", "(?<=a)b|a(?!b)|(?>c+)d??", "[^\\s\\p{Cn}\\p{Co}]+?[\\]\\-\\[]", "\\p{Ll}\\p{M}*|[\\p{Cf}\\p{Cc}]+", "(?i:[r-t]+k?)|(?i:[^k])x", kimi];
  regexes.forEach((Regex, index) => add(`regex-${index}`, shown(null, split({ Regex }))));
  for (const prepend_scheme of ["always", "first", "never"]) {
    const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme, split: prepend_scheme !== "never" };
    add(`metaspace-${prepend_scheme}`, { ...shown(null, metaspace), added_tokens: [added("[X]"), added("<l>", { lstrip: true, special: true }), added("<r>", { rstrip: true, normalized: true }), added("<w>", { single_word: true })] });
  }
  add("added", {
    ...shown({ type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] }, { type: "Whitespace" }),
    added_tokens: [added("[X]", { normalized: true }), added("<l>", { lstrip: true, rstrip: true, special: true }), added("<r>", { rstrip: true, normalized: true, special: true }), added("<w>", { single_word: true, normalized: true }), added("a", { single_word: true }), added("e</w>"), added("ONE", { normalized: true })],
  });
  add("gpt2", file(bpe(number(alphabet())), { pre_tokenizer: { ...spelled, add_prefix_space: true, use_regex: true }, decoder: spelled, added_tokens: [added("[X]"), added("<中>")] }));

  const characters = [...new Set(texts.slice(0, 150).join(""))].filter((character) => character.isWellFormed());
  const grams = [...new Set(Array.from({ length: 4000 }, () => { const text = pick(texts).replaceAll(" ", "▁"); const from = below(text.length); return text.slice(from, from + 1 + below(6)); }))].filter((gram) => gram.length > 0 && gram.isWellFormed());
  const bytes = Array.from({ length: 256 }, (_, value) => `<0x${value.toString(16).toUpperCase().padStart(2, "0")}>`);
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
  const scored = (tokens) => [["<unk>", 0], ["</s>", 0], ...new Set(tokens)].map((token) => (Array.isArray(token) ? token : [token, -Math.ceil(next() * 40) / 4 - 1]));
  const unigram = (tokens, options) => ({ type: "Unigram", unk_id: 0, vocab: scored(tokens), byte_fallback: false, ...options });
  const framed = { type: "TemplateProcessing", single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "</s>", type_id: 0 } }], pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 0 } }], special_tokens: { "</s>": { id: "</s>", ids: [1], tokens: ["</s>"] } } };
  const closing = [added("<unk>", { special: true }), added("</s>", { special: true })];
  add("t5", file(unigram([...characters, ...grams]), { added_tokens: closing, normalizer: { type: "Precompiled", precompiled_charsmap: charsmap(replacements) }, pre_tokenizer: sequence({ type: "WhitespaceSplit" }, metaspace), post_processor: framed, decoder: metaspace }));
  add("unigram-bytes", file(unigram([...grams, ...bytes], { byte_fallback: true }), { added_tokens: closing, normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" }, post_processor: framed, decoder: { type: "Sequence", decoders: [{ type: "Replace", pattern: { String: "▁" }, content: " " }, { type: "ByteFallback" }, { type: "Fuse" }, { type: "Strip", content: " ", start: 1, stop: 0 }] } }));

  const marks = { type: "Sequence", processors: [{ type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true }, { type: "RobertaProcessing", sep: ["</s>", 1], cls: ["<unk>", 0], trim_offsets: true, add_prefix_space: false }] };
  const wordpiece = number(["[UNK]", "[CLS]", "[SEP]", ...characters, ...characters.map((character) => "##" + character), ...grams, ...grams.map((gram) => "##" + gram), ".", ",", "'", "n't", "do", "not"]);
  add("wordpiece", file({ type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 20, vocab: wordpiece }, { added_tokens: [added("[UNK]", { special: true }), added("[CLS]", { special: true }), added("[SEP]", { special: true })], normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true }, pre_tokenizer: { type: "BertPreTokenizer" }, post_processor: { type: "BertProcessing", sep: ["[SEP]", 2], cls: ["[CLS]", 1] }, decoder: { type: "WordPiece", prefix: "##", cleanup: true } }));
  add("wordlevel", file({ type: "WordLevel", unk_token: "[UNK]", vocab: number(["[UNK]", ...grams, ...texts.filter((text) => text.isWellFormed()).join(" ").split(" ").slice(0, 2000)]) }, { pre_tokenizer: { type: "Whitespace" } }));

  // Merges that were found by looking at which neighbours a vocabulary joins; some characters are unknown on purpose.
  const known = characters.slice(0, 160);
  const merged = new Set();
  const merges = [];
  const tokens = [...known];
  while (merges.length < 1500) {
    const [left, right] = [pick(tokens), pick(known)];
    if (!merged.has(left + right)) {
      merged.add(left + right);
      tokens.push(left + right);
      merges.push(pick([`${left} ${right}`]).split(" ").length === 2 ? [left, right] : ["a", "b"]);
    }
  }
  const vocab = number(["<unk>", "</s>", ...tokens, "ab", ...bytes.slice(0, 0x90)]);
  add("bpe-unknown", file(bpe(vocab, { unk_token: "<unk>", merges }), { added_tokens: closing, post_processor: marks }));
  add("bpe-fused", file(bpe(vocab, { unk_token: "<unk>", fuse_unk: true, byte_fallback: true, ignore_merges: true, merges }), { decoder: { type: "ByteFallback" }, pre_tokenizer: { type: "WhitespaceSplit" } }));
  add("bpe-prefix", file(bpe(number([...known, ...known.map((character) => "##" + character), "th", "the", "##in", "##ing"]), { continuing_subword_prefix: "##", merges: ["t ##h", "th ##e", "##i ##n", "##in ##g"] }), { pre_tokenizer: { type: "Whitespace" }, decoder: { type: "Sequence", decoders: [{ type: "Fuse" }, { type: "Replace", pattern: { String: "##" }, content: "" }] } }));
  // Every code point matters where characters are changed or sorted into classes; a third of the texts is enough elsewhere.
  const short = texts.filter((text) => text.length < 2500);
  return list.map(([name, json], index) => [name, json, /^(regex|inverted|punctuation-[^r]|metaspace|gpt2|added|unigram)/.test(name) ? short.filter((_, place) => (place + index) % 3 === 0) : short, json.model !== pieces || json.added_tokens.length > 0]);
}
