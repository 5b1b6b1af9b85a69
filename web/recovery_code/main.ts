// Codes go on paper by a button, too.
import { all } from "../shared/dom.ts";

for (const button of all<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
