// What an operator can do to the fleet: each asks first.

import { confirm } from "./confirm.js";
import { el, facts } from "./dom.js";
import { about, models, ROLES, stateWord } from "./fleet.js";
import { plural } from "./format.js";
import { announce } from "./live.js";
import { command } from "./session.js";

export function drain(worker) {
  confirm({
    title: "Drain this worker?",
    body: [
      el("p", null, "It takes no request from now on, and is removed after its last one, at the latest after ", plural(Math.round(about.drain_timeout_secs ?? 0), "second"), " or its own limit."),
      whatItIs(worker),
    ],
    ok: "Drain",
    isDanger: true,
    action: async () => {
      await command("DELETE", `workers/${worker.id}`);
      announce(`${worker.url} is draining`);
    },
  });
}

export function remove(worker) {
  confirm({
    title: "Remove this worker now?",
    body: [el("p", null, "It leaves the list at once. Its running requests go on to their end. To wait for them, drain it instead."), whatItIs(worker)],
    ok: "Remove",
    isDanger: true,
    action: async () => {
      await command("DELETE", `workers/${worker.id}?force=true`);
      announce(`${worker.url} is removed`);
    },
  });
}

export function add() {
  const input = (name, attributes) => el("input", { name, autocomplete: "off", spellcheck: "false", ...attributes });
  const field = (label, control) => el("label", { class: "block" }, label, control);
  const role = el("select", { name: "role" }, ROLES.map(word => el("option", null, word)));
  const port = field("Bootstrap port of a prefill worker", input("port", { type: "number", min: 1, max: 65535 }));
  const showPort = () => port.hidden = role.value !== "prefill";
  role.addEventListener("change", showPort);
  showPort();
  confirm({
    title: "Add a worker",
    body: [
      field("Address: http://, https://, grpc:// or grpcs://; without, both are tried", input("url", { type: "text", required: "", placeholder: "http://10.0.0.1:8000" })),
      field("Role", role),
      port,
      field("Models, if it is not to be asked, with commas between them", input("models", { type: "text" })),
      field("Its key, if it asks for one", input("key", { type: "password" })),
    ],
    ok: "Add",
    action: async form => {
      const of = name => form.elements[name].value.trim();
      const names = of("models").split(",").map(name => name.trim()).filter(Boolean);
      await command("POST", "workers", {
        url: of("url"),
        worker_type: of("role"),
        ...names.length > 0 ? { models: names.map(id => ({ id })) } : {},
        ...of("key") ? { api_key: of("key") } : {},
        ...of("port") && of("role") === "prefill" ? { bootstrap_port: Number(of("port")) } : {},
      });
      announce(`${of("url")} is added`);
    },
  });
}

export function changePolicy(model) {
  const roles = ROLES.filter(role => model.roles[role]);
  const role = el("select", { name: "role" }, roles.map(word => el("option", null, word)));
  const policy = el("select", { name: "policy" }, el("option", { value: "" }, "as configured"), models.policies.map(name => el("option", null, name)));
  const showPresent = () => {
    const { policy: name, source } = model.roles[role.value];
    policy.value = source === "api" ? name : "";
    policy.options[0].textContent = source === "api" ? "as configured: take the choice back" : `as it is: ${name}`;
  };
  role.addEventListener("change", showPresent);
  showPresent();
  confirm({
    title: `How are workers of ${model.id === "*" ? "any other model" : model.id} chosen?`,
    body: [
      el("p", null, "Holds for the next request on. What the old policy has learnt of caches and sessions may be lost."),
      roles.length > 1 ? el("label", { class: "block" }, "For workers that are", role) : null,
      el("label", { class: "block" }, "Policy", policy),
    ].filter(Boolean),
    ok: "Change",
    action: async () => {
      const path = `policies/${encodeURIComponent(model.id)}`;
      if (policy.value)
        await command("PUT", path, { policy: policy.value, role: role.value });
      else
        await command("DELETE", `${path}?role=${role.value}`);
      announce(`The policy of ${model.id} is ${policy.value || "as configured"}`);
    },
  });
}

const whatItIs = worker => el("dl", { class: "facts" }, facts(
  ["Worker", worker.url],
  ["Serves", worker.models.join(", ")],
  ["State", stateWord(worker.status)],
  ["Running", plural(worker.load, "request")],
));
