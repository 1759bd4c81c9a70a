// Asks before anything is done. The dialog stays open until the gateway has said yes, and shows what it said if it was no.

import { find, setText } from "./dom.js";

let run = null;

/**
 * title: what is asked; body: elements; ok: what the button says; isDanger: what cannot be undone, for which Enter alone is not enough;
 * action: called with the form, may throw.
 */
export function confirm({ title, body, ok, isDanger = false, action }) {
  const dialog = find("#confirm");
  setText(find("#confirm-title"), title);
  find("#confirm-body").replaceChildren(...body);
  const button = find("#confirm-ok");
  setText(button, ok);
  button.className = isDanger ? "danger" : "primary";
  button.disabled = false;
  find("#confirm-error").hidden = true;
  run = action;
  dialog.showModal();
  (isDanger ? find("#confirm-cancel") : find("input, select, textarea", find("#confirm-body")) ?? button).focus();
}

export function setUp() {
  const dialog = find("#confirm");
  find("#confirm-cancel").addEventListener("click", () => dialog.close());
  find("form", dialog).addEventListener("submit", async event => {
    event.preventDefault();
    const button = find("#confirm-ok");
    const error = find("#confirm-error");
    button.disabled = true;
    error.hidden = true;
    try {
      await run(event.target);
      dialog.close();
    } catch (failure) {
      setText(error, failure.message);
      error.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}
