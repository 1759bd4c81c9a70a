// Puts the page together.

import { add } from "./actions.js";
import * as confirm from "./confirm.js";
import { find, findAll, setAttribute, setText } from "./dom.js";
import * as feed from "./feed.js";
import { about, aboutChanged } from "./fleet.js";
import * as happenings from "./happenings.js";
import * as models from "./models.js";
import * as overview from "./overview.js";
import * as playground from "./playground.js";
import * as requests from "./requests.js";
import { key } from "./session.js";
import * as theme from "./theme.js";
import * as workers from "./workers.js";

const LINKS = { waiting: "Connecting", live: "Live", lost: "Not connected", key: "Needs a key", refused: "Refused" };

theme.run();
confirm.setUp();
overview.run();
workers.run();
models.run();
happenings.run();
requests.run();
playground.run();
find("#worker-add").addEventListener("click", add);
setUpViews();
setUpKey();
setUpLink();
feed.onEvent("leaving", () => notice("The gateway is stopping: it finishes what runs, and takes nothing new."));
feed.run();

/** The view is in the address, so that it can be linked to and gone back from. */
function setUpViews() {
  const show = isMove => {
    const links = findAll("nav a");
    const view = (links.find(link => link.hash === location.hash) ?? links[0]).dataset.view;
    for (const link of links)
      setAttribute(link, "aria-current", link.dataset.view === view ? "page" : null);
    for (const panel of findAll("[data-panel]"))
      panel.hidden = panel.dataset.panel !== view;
    requests.setVisible(view === "requests");
    document.title = `${view[0].toUpperCase()}${view.slice(1)} – ModelGateway`;
    if (isMove) {
      scrollTo(0, 0);
      find("#content").focus({ preventScroll: true });
    }
  };
  addEventListener("hashchange", () => location.hash !== "#content" && show(true));
  show(false);
}

function setUpKey() {
  const dialog = find("#ask-key");
  // There is nothing behind it to go back to.
  dialog.addEventListener("cancel", event => event.preventDefault());
  find("form", dialog).addEventListener("submit", () => {
    key.value = find("#ask-key-value").value.trim();
    find("#ask-key-value").value = "";
    feed.reconnect();
  });
  find("#key").addEventListener("click", () => {
    key.value = "";
    feed.reconnect();
  });
}

function setUpLink() {
  feed.link.on(({ state, message }) => {
    const link = find("#link");
    link.dataset.state = state;
    setText(find("#link-text"), LINKS[state]);
    setAttribute(document.body, "data-stale", state !== "live");
    if (state === "key")
      askForKey(message);
    else if (state === "live")
      notice("");
    else if (state === "lost")
      notice(`What you see may be old: ${message ?? "the gateway does not answer"}. Trying again.`);
    else if (state === "refused")
      notice(message);
  });
  aboutChanged.on(() => {
    find("#key").hidden = !about.asks_for_key;
    find("#worker-add").hidden = about.role === "viewer";
    setAttribute(find("#link"), "title", `ModelGateway ${about.version}, as ${about.role}`);
  });
}

function askForKey(message) {
  const dialog = find("#ask-key");
  const error = find("#ask-key-error");
  error.hidden = !message;
  setText(error, message ?? "");
  if (!dialog.open)
    dialog.showModal();
  find("#ask-key-value").focus();
}

function notice(text) {
  const line = find("#notice");
  line.hidden = !text;
  setText(line, text);
}
