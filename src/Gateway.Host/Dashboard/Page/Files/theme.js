// Light, dark, or what the system says.

import { find } from "./dom.js";

const NAME = "modelgateway-theme";
const ORDER = ["system", "light", "dark"];

export function run() {
  const button = find("#theme");
  let theme = ORDER.includes(localStorage.getItem(NAME)) ? localStorage.getItem(NAME) : "system";
  apply();
  button.addEventListener("click", () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    localStorage.setItem(NAME, theme);
    apply();
  });

  function apply() {
    if (theme === "system")
      delete document.documentElement.dataset.theme;
    else
      document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  }
}
