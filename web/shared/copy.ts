import { all } from "./dom.ts";

/** Buttons that copy the text of the element they name, line by line, and say so. */
export function copyButtons(): void {
  for (const button of all<HTMLButtonElement>("button[data-copy]")) {
    const source = document.getElementById(button.dataset["copy"] ?? "");
    if (source === null || !("clipboard" in navigator)) continue;
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.innerText.trim());
      button.textContent = button.dataset["copied"] ?? label;
      setTimeout(() => { button.textContent = label; }, 4000);
    });
  }
}
