// The official OpenAI client for Node.js against a live gateway over simulated engines that take tokens over gRPC. They answer all with
// one script: reasoning "Let me think 👋", content "I look it up.", and two calls of get_weather, for Paris and Oslo.
// GATEWAY_BASE_URL names the gateway (with /v1), MODEL a model that it serves.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";

const model = process.env.MODEL;
const client = new OpenAI({ baseURL: process.env.GATEWAY_BASE_URL, apiKey: "any", maxRetries: 0 });
const request = {
  model,
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "What is the weather in Paris and Oslo?" },
  ],
  tools: [
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "Current weather of a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    },
  ],
};

function check(message) {
  assert.equal(message.reasoning_content.trim(), "Let me think 👋");
  assert.equal(message.content.trim(), "I look it up.");
  assert.deepEqual(
    message.tool_calls.map((call) => [call.type, call.function.name, JSON.parse(call.function.arguments).city]),
    [
      ["function", "get_weather", "Paris"],
      ["function", "get_weather", "Oslo"],
    ],
  );
  assert.notEqual(message.tool_calls[0].id, message.tool_calls[1].id);
}

test("a whole answer has reasoning, content and calls", async () => {
  const answer = await client.chat.completions.create(request);
  assert.equal(answer.object, "chat.completion");
  assert.equal(answer.model, model);
  assert.equal(answer.choices[0].finish_reason, "tool_calls");
  check(answer.choices[0].message);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

test("a stream brings the same in deltas", async () => {
  const stream = await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } });
  const message = { reasoning_content: "", content: "", tool_calls: [] };
  let finish = null;
  let usage = null;
  let pieces = 0;
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    message.reasoning_content += choice.delta.reasoning_content ?? "";
    message.content += choice.delta.content ?? "";
    for (const delta of choice.delta.tool_calls ?? []) {
      message.tool_calls[delta.index] ??= { id: delta.id, type: delta.type, function: { name: delta.function.name, arguments: "" } };
      message.tool_calls[delta.index].function.arguments += delta.function.arguments ?? "";
      pieces++;
    }
    finish = choice.finish_reason ?? finish;
  }
  check(message);
  assert.ok(pieces > 4, "arguments come in pieces");
  assert.equal(finish, "tool_calls");
  assert.ok(usage.completion_tokens > 0);
});

test("the client's own helper puts a stream together", async () => {
  const runner = client.chat.completions.stream(request);
  const answer = await runner.finalChatCompletion();
  const message = answer.choices[0].message;
  assert.equal(message.content.trim(), "I look it up.");
  assert.deepEqual(message.tool_calls.map((call) => JSON.parse(call.function.arguments).city), ["Paris", "Oslo"]);
});

test("the client's own helper runs the tools and goes on", async () => {
  const asked = [];
  const runner = client.chat.completions.runTools(
    {
      ...request,
      stream: true,
      tools: [
        {
          type: "function",
          function: {
            ...request.tools[0].function,
            parse: JSON.parse,
            function: ({ city }) => {
              asked.push(city);
              return "sunny";
            },
          },
        },
      ],
    },
    { maxChatCompletions: 2 },
  );
  await runner.done();
  assert.deepEqual(asked, ["Paris", "Oslo", "Paris", "Oslo"]);
});

test("a request that cannot be served is a BadRequestError that names its field", async () => {
  await assert.rejects(
    client.chat.completions.create({ ...request, temperature: 3 }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === "temperature",
  );
});
