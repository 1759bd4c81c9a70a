// Reads server-sent events. The browser's own EventSource cannot send a key.

/** Yields each event of an answer as { name, data }. */
export async function* eventsOf(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done)
        return;
      rest += value;
      const parts = rest.split(/\r?\n\r?\n/);
      rest = parts.pop();
      for (const part of parts)
        yield read(part);
    }
  } finally {
    // Whoever has heard enough lets go of the connection.
    reader.cancel().catch(() => { });
  }
}

function read(part) {
  let name = "message";
  const data = [];
  for (const line of part.split(/\r?\n/)) {
    if (line.startsWith("event:"))
      name = line.slice(6).trim();
    else if (line.startsWith("data:"))
      data.push(line.slice(5).replace(/^ /, ""));
  }

  return { name, data: data.join("\n") };
}
