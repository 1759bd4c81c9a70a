// The gateway's address, the key, and requests to the control plane.

const root = new URL("..", import.meta.url);
const KEY = "modelgateway-control-plane-key";

export const addressOf = path => new URL(path, root);

/** In this tab only, and gone with it. */
export const key = {
  get value() { return sessionStorage.getItem(KEY) ?? ""; },
  set value(text) { text ? sessionStorage.setItem(KEY, text) : sessionStorage.removeItem(KEY); },
};

export const keyHeaders = () => key.value ? { authorization: `Bearer ${key.value}` } : {};

/** What the gateway refused, in its own words. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Asks the control plane to do something. Always as JSON, which a page of another site may not send without being asked for its permission. */
export async function command(method, path, body = {}) {
  const answer = await fetch(addressOf(path), {
    method,
    headers: { "content-type": "application/json", ...keyHeaders() },
    body: method === "DELETE" ? undefined : JSON.stringify(body),
  });
  if (!answer.ok)
    throw await refusalOf(answer);
  return await answer.json();
}

export async function refusalOf(answer) {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text);
    return new Refusal(answer.status, error.message ?? error);
  } catch {
    return new Refusal(answer.status, text || `${answer.status} ${answer.statusText}`);
  }
}
