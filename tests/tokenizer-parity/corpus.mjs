// A corpus that is the same each time: curated texts, and generated ones from a seed.
const curated = [
  "", " ", "  ", "\n", "\t", "\r\n", "a", " a", "a ", "Hello, world!", "Hello  world", "   leading and trailing   ",
  "The quick brown fox jumps over the lazy dog.", "I'm you're he's we've they'll I'd don't", "I'M YOU'RE HE'S WE'VE THEY'LL I'D DON'T",
  "it'ſ it'S 'ſ x'ſab 'ſtop I'Sab \u0130'd K'k 'll'll ''s '''re 've 'Ve 'vE", "O'Neill's rock'n'roll 'tis", "camelCase PascalCase snake_case SCREAMING_SNAKE kebab-case HTTPServer iOS",
  "1234567890 1 12 123 1234 12345 3.14159 1,000,000 0x1F 1e-9 ½ ² ③ Ⅷ ٣٤٥ १२३ 一二三", "2024-01-31T23:59:59.999Z +49 (0)30 123456 192.168.0.1",
  "Ünïcödé naïve café résumé Zürich Straße ŒUVRE Ĳ ǅ ǈ", "e\u0301 a\u0308 n\u0303 o\u0302\u0323 \u0301\u0301 q\u0307\u0323 d\u0323\u0307",
  "Übergrößenträger Donaudampfschifffahrtsgesellschaftskapitän", "L'été, j'ai vu l'œuvre d'Éric à l'hôtel où il pleuvait.", "¿Dónde está el baño? ¡Qué día!",
  "São Paulo não é a capital do Brasil.", "Příliš žluťoučký kůň úpěl ďábelské ódy.", "Zażółć gęślą jaźń.", "Árvíztűrő tükörfúrógép", "Iğdır'ın İSTANBUL ıssız",
  "Съешь же ещё этих мягких французских булок, да выпей чаю.", "Щедрик, їжак, ґанок, європа", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. ΑΣ Σ ς",
  "敏捷的棕色狐狸跳过了懒狗。", "我们都是中国人，我爱北京天安门。ABC123中文mixed混合", "繁體中文測試：臺灣、香港。", "いろはにほへとちりぬるを", "カタカナとひらがなと漢字が混ざった文章。ｶﾀｶﾅ ﾊﾝｶｸ",
  "다람쥐 헌 쳇바퀴에 타고파", "\u1112\u1161\u11ab\u1100\u1173\u11af 한글", "ราชบัณฑิตยสถาน กรุงเทพมหานคร", "Tiếng Việt có nhiều dấu: ắ ằ ẳ ẵ ặ", "مرحبا بالعالم! كيف حالك؟ ١٢٣", "اَلْعَرَبِيَّةُ",
  "שלום עולם, מה שלומך? שָׁלוֹם", "नमस्ते दुनिया, कैसे हो? क्षत्रिय", "বাংলা ভাষা আমার", "தமிழ் மொழி", "తెలుగు భాష", "ಕನ್ನಡ", "മലയാളം", "ગુજરાતી", "ਪੰਜਾਬੀ", "සිංහල", "မြန်မာဘာသာ", "ភាសាខ្មែរ", "ລາວ", "བོད་སྐད།", "ქართული ენა", "Հայերեն", "አማርኛ ሰላም", "ᏣᎳᎩ", "ᚠᚢᚦᚨᚱᚲ", "𐌰𐌱𐌲 𝒜𝓑𝕮 𝟘𝟙𝟚 𝐇𝐞𝐥𝐥𝐨", "𠮷野家 𩸽 𪚥 𰻞", "👍 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 ☺️ ❤️‍🔥 1️⃣ 🫠", "😀😃😄 text😀text 😀 😀", "🤷🏿‍♀️🧑‍🚀", "→ ← ↑ ⇒ ∀x∈ℝ: ∃y ≠ ∅ ∑∫√∞ ≈ ±", "«quotes» “double” ‘single’ „low“ ‚x‘ — – - ‐ ‑ … · • ※", "$100 €50 £20 ¥1000 ₹5 ₿1", "a\u00A0b\u2003c\u200Bd\u200Ce\u200Df\uFEFFg\u3000h\u1680i\u2028j\u2029k\u0085l\u180em",
  "tab\tseparated\tvalues\n\nblank line\r\n\r\nCRLF\rCR\n \n  \n   x", "\n\n\n\n", " \n \n", "\t\t\t\tindent", "x\n    y\n        z", "\u0000\u0001\u0002\u0007\u0008\u000b\u000c\u000e\u001b\u007f\u0080\u009f", "a\u0000b", "\ufffd\ufffd", "\uFFFE\uFFFF", "\u{10FFFF}\u{E0001}\u{F0000}",
  "\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "\ud83d\ud83d\ude00", "x\udc00", "Ã©tÃ© â‚¬ â€œquoteâ€\u009d ï»¿", "\u00c3\u0083\u00c2\u00a9",
  "def f(x):\n    return x ** 2  # square\n\nprint(f'{f(3)!r}')\n", "for (int i = 0; i < n; ++i) { sum += a[i]; } // C++", "const f = async (x) => await fetch(`https://x.y/${x}?a=1&b=2#c`);", "SELECT * FROM t WHERE a <> 'it''s' AND b IS NOT NULL;", "<div class=\"a b\"><!-- c --><p>&nbsp;&amp;</p></div>", "{\"key\": [1, 2.5, null, true, \"\\u00e9\\n\"], \"nested\": {\"a\": {}}}", "#!/bin/bash\nset -euo pipefail\nls -la | grep '^d' | awk '{print $9}' > /dev/null 2>&1", "\\begin{equation} E = mc^2 \\end{equation} $\\alpha_{i}^{2}$", "C:\\Users\\name\\file.txt /usr/local/bin/x.sh ~/.bashrc", "name@example.com http://例え.jp/パス?q=値", "<<<<<<< HEAD\n=======\n>>>>>>> branch", "|||---+++===***///\\\\\\", "!!!???...,,,;;;:::", "((([[[{{{}}}]]])))", "a.b.c d/e/f g//h i/\n/j", "~`@#$%^&*_+", "# Title\n\n- item\n- [x] done\n\n```py\ncode\n```\n> quote | a | b |\n", "lorem/ipsum\n/dolor//\n\nsit",
  "▁", "▁▁", "a▁b", "▁a ▁ b", " ▁ ", "<0x0A>", "<0xE3><0x81>", "Ġhello Ċ", "<s>", "</s>", "<unk>", "<|endoftext|>", "<|im_start|>user\nhi<|im_end|>\n", "[INST] <<SYS>>\nx\n<</SYS>>\n\n y [/INST]", "<start_of_turn>user\nhi<end_of_turn>\n", "<｜User｜>hi<｜Assistant｜>", "<|start|>assistant<|channel|>final<|message|>hi<|return|>", "<think>\nok\n</think>\n\n", "<tool_call>\n{\"name\": \"f\"}\n</tool_call>", "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>",
  "ﬁﬂﬀ ﬆ ŉ ǰ ẞ ß ſ K Å ℡ ㎏ ㍿ ① Ａｂｃ １２３", "A\u030A \u212B \u00C5 \u0344 \u0958 \u09DC \u2126 \uF900 \uFB1D \u0F43 \u1D15E", "\u0F71\u0F72\u0F74 \u0FB2\u0F80 \u1E9B\u0323", "\u0CC6\u0CC2\u0CD5 \u0B47\u0B56 \u09C7\u09BE",
];
const words = curated.join(" ").split(/\s+/u).filter((word) => word.length > 0 && word.length < 24);
const english = "the of and to in is that it for was on are with as his they be at one have this from or had by hot but some what there we can out other were all your when up use word how said an each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find".split(" ");
const spaces = [" ", " ", " ", " ", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", " \n", "\n ", "\u00a0", "\u3000", ""];
const signs = [..."!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "...", "?!", "--", "://", "'s", "'T", "’s", "==", "=>", "/*", "*/", "//\n", ";\n", "\r"];
const blocks = [[0x20, 0x7e], [0xa0, 0xff], [0x100, 0x24f], [0x250, 0x2af], [0x300, 0x36f], [0x370, 0x3ff], [0x400, 0x52f], [0x530, 0x58f], [0x590, 0x5ff], [0x600, 0x6ff], [0x900, 0x97f], [0x980, 0xdff], [0xe00, 0xfff], [0x1000, 0x10ff], [0x1100, 0x11ff], [0x1e00, 0x1fff], [0x2000, 0x206f], [0x2070, 0x218f], [0x2190, 0x23ff], [0x2460, 0x27bf], [0x3000, 0x30ff], [0x3130, 0x33ff], [0x4e00, 0x9fff], [0xac00, 0xd7a3], [0xe000, 0xe100], [0xf900, 0xfaff], [0xfb00, 0xfdff], [0xfe00, 0xffef], [0x10000, 0x10fff], [0x1d400, 0x1d7ff], [0x1f300, 0x1faff], [0x20000, 0x20fff], [0xe0000, 0xe01ef]];

export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { next, below, pick: (list) => list[below(list.length)] };
}

/** Makes the texts; some have a tokenizer's own added tokens in them. */
export function corpus(seed, addedTokens, size) {
  const { next, below, pick } = random(seed);
  const many = (most, make, glue = "") => Array.from({ length: 1 + below(most) }, make).join(glue);
  const fromBlock = (block) => String.fromCodePoint(block[0] + below(block[1] - block[0] + 1));
  const cased = (word) => pick([word, word, word, word.toUpperCase(), word[0].toUpperCase() + word.slice(1)]);
  const sentence = () => many(16, () => cased(pick(english)) + pick(["", "", "", ",", ".", "'s", "!"]), " ");
  const mixed = () => many(12, () => pick([
    () => cased(pick(english)), () => pick(words), () => pick(signs), () => String(below(10 ** (1 + below(9)))), () => pick(spaces), () => many(5, () => fromBlock(pick(blocks))),
  ])() + pick(spaces));
  const generators = [
    sentence, mixed, mixed, mixed,
    () => { const block = pick(blocks); return many(24, () => fromBlock(block) + pick(["", "", "", " "])); },
    () => many(16, () => fromBlock(pick(blocks))),
    () => many(20, () => pick(spaces)) + pick(words),
    () => pick([..." \n\tаa0-=._*#中😀\u0301"]).repeat(1 + below(90)),
    () => many(4, () => pick(curated), pick(spaces)),
    () => { const text = pick(curated); const from = below(text.length + 1); return text.slice(from, from + below(40)); },
    () => many(6, () => pick(english) + pick(signs) + cased(pick(english)) + pick(["", "\n", " ", "    "])),
    () => many(4, () => pick([mixed, sentence, () => pick(spaces), () => ""])() + pick(addedTokens.length > 0 ? addedTokens : ["<s>"]) + pick(spaces)),
    () => many(3, () => { const token = pick(addedTokens.length > 0 ? addedTokens : ["<s>"]); return pick([token.slice(1), token.slice(0, -1), token + token, " " + token + " ", token.toUpperCase(), "x" + token + "y"]); }),
    () => many(12, () => Buffer.from(many(6, () => fromBlock(pick(blocks)))).toString("latin1")),
    () => many(10, () => String.fromCharCode(below(0x20))) + pick(words),
    () => many(8, () => pick(english) + String.fromCharCode(0xd800 + below(0x800))),
    () => Buffer.from(Array.from({ length: 1 + below(30) }, () => below(256))).toString("utf8"),
  ];
  const texts = [...curated];
  // Every code point of the planes that have any, between letters and alone, so that no character class can be wrong unnoticed.
  for (const [from, to] of [[0, 0x323af], [0xe0000, 0xe01ff]]) {
    for (let start = from; start <= to; start += 64) {
      const points = Array.from({ length: 64 }, (_, offset) => start + offset).filter((point) => point < 0xd800 || point > 0xdfff).map((point) => String.fromCodePoint(point));
      texts.push(points.map((point, index) => point + pick(["", "", "a", " ", "A", "1", ".", "\n"])).join(""));
    }
  }
  while (texts.length < size)
    texts.push(pick(generators)());
  texts.push("word ".repeat(4000), "x".repeat(3000), " ".repeat(3000) + "x", "中文".repeat(1500), mixed().repeat(200), Array.from({ length: 300 }, sentence).join("\n"));
  return texts;
}
