// A form that is on its way says so and cannot be sent twice. Coming back by "Back", or no answer for a while, undoes it.
import { all } from "./dom.ts";

const patience = 10_000;  // ms until it may be tried again
const idle = new WeakMap<HTMLButtonElement, string>();

function wake(): void {
  for (const button of all<HTMLButtonElement>("button[data-busy]")) {
    const label = idle.get(button);
    if (label !== undefined) button.textContent = label;
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

export function busyForms(): void {
  for (const form of all<HTMLFormElement>("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      for (const button of all<HTMLButtonElement>("button[data-busy]", form)) {
        idle.set(button, button.textContent ?? "");
        button.textContent = button.dataset["busy"] ?? "";
        button.setAttribute("aria-busy", "true");
        button.disabled = true;
      }
      setTimeout(wake, patience);
    });
  }
  addEventListener("pageshow", wake);
}
