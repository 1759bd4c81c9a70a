// The official OpenAI client for Node.js against a live gateway over simulated engines.
// GATEWAY_BASE_URL names the gateway (with /v1), GATEWAY_API_KEY the key it asks for, MODEL a model that it serves.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";

const model = process.env.MODEL;
const client = new OpenAI({
  baseURL: process.env.GATEWAY_BASE_URL,
  apiKey: process.env.GATEWAY_API_KEY,
  maxRetries: 0,
});
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Current weather of a city",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    },
  },
};

test("models are listed and found by id", async () => {
  const ids = [];
  for await (const found of client.models.list()) ids.push(found.id);
  assert.ok(ids.includes(model));
  assert.equal((await client.models.retrieve(model)).id, model);
});

test("a chat is answered whole", async () => {
  const answer = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Say hello" }],
    max_tokens: 16,
  });
  assert.equal(answer.object, "chat.completion");
  assert.equal(answer.choices[0].message.role, "assistant");
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.equal(answer.usage.completion_tokens, 16);
  assert.equal(answer.choices[0].finish_reason, "length");
});

test("a chat is streamed in many pieces, with its usage at the end", async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Count to ten" }],
    max_tokens: 24,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let pieces = 0;
  let finish = null;
  let usage = null;
  for await (const chunk of stream) {
    if (chunk.usage) usage = chunk.usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    if (choice.delta.content) {
      text += choice.delta.content;
      pieces++;
    }
    finish = choice.finish_reason ?? finish;
  }
  assert.ok(pieces > 5);
  assert.ok(text.includes("simulated engine"));
  assert.equal(finish, "length");
  assert.equal(usage.completion_tokens, 24);
});

test("tools reach the engine, and its tool call reaches the client", async () => {
  const answer = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "What is the weather in Oslo?" }],
    tools: [weather],
    tool_choice: { type: "function", function: { name: "get_weather" } },
  });
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(answer.choices[0].finish_reason, "tool_calls");
  assert.equal(call.function.name, "get_weather");
  assert.equal(typeof JSON.parse(call.function.arguments).city, "string");
});

test("a streamed tool call is put together by the client's own helper", async () => {
  const runner = client.chat.completions.stream({
    model,
    messages: [{ role: "user", content: "What is the weather in Oslo?" }],
    tools: [weather],
    tool_choice: "required",
  });
  const answer = await runner.finalChatCompletion();
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(call.function.name, "get_weather");
  assert.doesNotThrow(() => JSON.parse(call.function.arguments));
});

test("a stream can be left, and the next request works", async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Talk without end" }],
    max_tokens: 5000,
    stream: true,
  });
  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }
  const answer = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Still there?" }],
    max_tokens: 4,
  });
  assert.equal(answer.usage.completion_tokens, 4);
});

test("text completions and embeddings work", async () => {
  const completion = await client.completions.create({ model, prompt: "Once upon a time", max_tokens: 8 });
  assert.equal(completion.object, "text_completion");
  assert.ok(completion.choices[0].text.length > 0);
  const embedded = await client.embeddings.create({ model, input: ["one", "two"] });
  assert.equal(embedded.data.length, 2);
  assert.ok(embedded.data[0].embedding.length > 0);
});

test("an unknown model is a NotFoundError with OpenAI's code", async () => {
  await assert.rejects(
    client.chat.completions.create({ model: "no-such-model", messages: [{ role: "user", content: "hi" }] }),
    (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found" && error.requestID?.length > 0,
  );
});

test("a wrong key is an AuthenticationError with OpenAI's code", async () => {
  const stranger = new OpenAI({ baseURL: process.env.GATEWAY_BASE_URL, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(
    stranger.chat.completions.create({ model, messages: [{ role: "user", content: "hi" }] }),
    (error) => error instanceof OpenAI.AuthenticationError && error.code === "invalid_api_key",
  );
});

test("a request that the engine refuses is a BadRequestError with the engine's message", async () => {
  await assert.rejects(
    client.chat.completions.create({ model, messages: "not a list" }),
    (error) => error instanceof OpenAI.BadRequestError && error.message.length > 0,
  );
});
