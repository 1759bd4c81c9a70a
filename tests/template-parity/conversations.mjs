// Conversations for every template: curated ones for what templates look at, and generated ones, the same each time.

const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "Get the weather of a city, \"now\" or later — in °C",
      parameters: {
        type: "object",
        properties: {
          city: { type: "string", description: "The city's name" },
          unit: { type: "string", enum: ["celsius", "fahrenheit"], default: "celsius" },
          days: { type: "array", items: { type: "integer" } },
        },
        required: ["city"],
      },
    },
  },
  {
    type: "function",
    function: {
      name: "search",
      description: "Suche nach 世界 <b>& 'mehr'</b>\nauf zwei Zeilen",
      parameters: { type: "object", properties: { q: { type: ["string", "null"] }, limit: { type: "number", default: 0.5 } } },
    },
  },
  { type: "function", function: { name: "now", description: "", parameters: { type: "object", properties: {} } } },
];

const texts = [
  "Hello", "", " ", "  leading and trailing \n", "two\nlines", "Grüße, 世界 🎉", "it's \"quoted\" \\ and\ttabbed", "<think>\nhm\n</think>\n\nyes",
  "<tool_response>\nx\n</tool_response>", "{{ not_a_template }} {% nor_this %}", "[INST] <|im_end|> <end_of_turn>", "\r\nwindows\r\n", "a</think>b</think>c",
  "x".repeat(300), "1234567890", "None", "{\"json\": [1, 2.5, null, true]}",
];

function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { chance: (p) => next() < p, below, pick: (items) => items[below(items.length)] };
}

const user = (content) => ({ role: "user", content });
const system = (content) => ({ role: "system", content });
const assistant = (content, more = {}) => ({ role: "assistant", content, ...more });
const call = (name, args, id = "call00001") => ({ id, type: "function", function: { name, arguments: args } });
const result = (content, id = "call00001") => ({ role: "tool", tool_call_id: id, name: "get_weather", content });

function curated() {
  const bodies = [
    [user("Hello")],
    [system("Be brief."), user("Hello")],
    [system(""), user("Hello")],
    [user("Hello"), assistant("Hi."), user("How are you?")],
    [system("Be brief."), user("Hello"), assistant("Hi."), user("How are you?")],
    [user("Hello"), assistant("Hi.")],
    [user("a"), user("b")],
    [assistant("I begin."), user("b")],
    [user("a"), system("in the middle"), user("b")],
    [system("one"), system("two"), user("x")],
    [user([{ type: "text", text: "What is this?" }, { type: "image" }])],
    [user([{ type: "image" }, { type: "text", text: " and this? " }, { type: "text", text: "b" }])],
    [system([{ type: "text", text: "You see." }]), user([{ type: "text", text: "x" }])],
    [user("w"), assistant("", { tool_calls: [call("get_weather", { city: "Paris" })] }), result("sunny"), assistant("It is sunny.")],
    [user("w"), assistant(null, { tool_calls: [call("get_weather", { city: "Zürich", days: [1, 2] })] }), result("{\"t\": 21.5}")],
    [user("w"), assistant(null, { tool_calls: [call("get_weather", "{\"city\": \"Paris\"}")] }), result("sunny"), user("thanks")],
    [user("w"), assistant("", { tool_calls: [call("a", {}), call("b", { x: null, y: true, z: "q\"\n" }, "call00002")] }), result("1"), result("2", "call00002")],
    [user("w"), assistant(null, { tool_calls: [call("a", "{}"), call("b", "{}", "call00002"), call("c", "{}", "call00003")] }), result("1"), result("2", "call00002"), assistant("done"), user("next")],
    [user("q"), assistant("<think>\nreason\n</think>\n\nanswer"), user("q2")],
    [user("q"), assistant("<think>\nreason\n</think>\n\nanswer")],
    [user("q"), assistant("answer", { reasoning_content: "because\n" }), user("q2")],
    [user("q"), assistant("answer", { reasoning_content: "because" })],
    [user("q"), assistant("answer", { reasoning_content: null })],
    [user("q"), assistant("\n\nanswer", { reasoning_content: "" })],
    [user("<tool_response>\nx\n</tool_response>"), assistant("y"), user("<tool_response>z</tool_response>")],
    [user("q"), assistant("a", { tool_calls: [] }), user("q2")],
    [user("q"), assistant("a", { tool_calls: null }), user("q2")],
    [{ role: "developer", content: "dev" }, user("x")],
    [{ role: "tool", content: "orphan" }],
    [user(null)],
    [user("x"), assistant(null)],
    [user("x"), { role: "assistant" }],
    [{ role: "user" }],
    [],
    ...texts.map((text) => [system(text), user(text), assistant(text), user(text)]),
  ];
  return bodies.map((messages) => ({ messages }));
}

// A plain one has nothing that a template may be unprepared for: contents are strings, and arguments are objects or strings throughout.
function generated(seed, plain) {
  const r = random(seed);
  const asText = r.chance(plain ? 0.5 : 0);
  const content = () => {
    if (!plain && r.chance(0.1)) {
      return Array.from({ length: 1 + r.below(3) }, () => (r.chance(0.3) ? { type: "image" } : { type: "text", text: r.pick(texts) }));
    }
    return r.pick(texts) + (r.chance(0.3) ? r.pick(texts) : "");
  };
  const args = () => {
    const value = {};
    for (let i = r.below(3); i > 0; i--) {
      value[r.pick(["city", "q", "limit", "名前", "a b"])] = r.pick(["Paris", 3, -1, 2.5, null, true, [], [1, "x"], { deep: { er: [] } }, "é\"\n"]);
    }
    return (plain ? asText : r.chance(0.4)) ? JSON.stringify(value) : value;
  };
  const messages = [];
  if (r.chance(0.4)) messages.push(system(content()));
  for (let turn = 1 + r.below(4); turn > 0; turn--) {
    messages.push(user(content()));
    if (r.chance(0.25)) {
      const calls = Array.from({ length: plain ? 1 : 1 + r.below(3) }, (_, i) => call(r.pick(["get_weather", "search", "now"]), args(), `call0000${i}`));
      messages.push(assistant(plain && !asText ? "Let me see." : r.pick([null, "", "Let me see."]), { tool_calls: calls }));
      for (const made of calls) messages.push(result(r.pick(texts), made.id));
    }
    if (turn > 1 || r.chance(0.3)) messages.push(assistant(content(), r.chance(0.3) ? { reasoning_content: r.pick(plain ? texts : [...texts, null]) } : {}));
    if (!plain && r.chance(0.03)) messages.push(r.pick([user("again"), system("late"), assistant("twice"), { role: "odd", content: "x" }]));
  }
  return { messages };
}

function settings(seed) {
  const r = random(seed);
  const set = { add_generation_prompt: r.chance(0.6), tools: r.chance(0.4) ? tools.slice(0, 1 + r.below(3)) : null, documents: null };
  if (r.chance(0.3)) set.enable_thinking = r.chance(0.5);
  if (r.chance(0.2)) set.reasoning_effort = r.pick(["low", "medium", "high"]);
  if (r.chance(0.1)) set.documents = [{ title: "T", text: "body" }, { title: "Ü", text: "x\ny" }];
  return set;
}

export function conversations(count) {
  const all = [];
  for (const [i, conversation] of curated().entries()) {
    all.push({ ...conversation, add_generation_prompt: true, tools: null, documents: null });
    all.push({ ...conversation, add_generation_prompt: false, tools, documents: null, enable_thinking: i % 2 === 0 });
  }
  for (let i = 0; i < count; i++) all.push({ ...generated(1000 + i, i % 3 > 0), ...settings(5000 + i) });
  return all;
}
