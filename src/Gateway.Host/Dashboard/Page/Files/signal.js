// Who wants to know that something has changed says so here.

export function signal() {
  const listeners = new Set();
  return {
    on: listener => listeners.add(listener),
    tell: value => listeners.forEach(listener => listener(value)),
  };
}
