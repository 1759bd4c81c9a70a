#!/usr/bin/env bash
# How long the gateway takes from its start until it answers a chat: the median of five, after one that does not count.
#   bench/start-up.sh artifacts/linux-x64/gateway
set -euo pipefail
gateway=$1
port=$((20000 + RANDOM % 10000))
body='{"model":"sim-8b","max_tokens":1,"messages":[{"role":"user","content":"Hello"}]}'

now() { date +%s%3N; }

start_once() {
  local begun process
  begun=$(now)
  "$gateway" --simulate 1 --host 127.0.0.1 --port "$port" >/dev/null 2>&1 &
  process=$!
  until curl -sf -o /dev/null "http://127.0.0.1:$port/v1/chat/completions" -d "$body"; do
    kill -0 "$process" || { echo "it ended" >&2; exit 1; }
    sleep 0.005
  done
  echo $(($(now) - begun))
  kill -TERM "$process"
  wait "$process"
}

start_once >/dev/null
times=$(for _ in 1 2 3 4 5; do start_once; done | sort -n)
echo "$(sed -n 3p <<<"$times") ms, median of: $(tr '\n' ' ' <<<"$times")"
stat --printf '%s bytes\n' "$gateway"
