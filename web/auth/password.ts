import { all, length } from "./dom.ts";

/** Show and hide. A form that is sent always hides first, or the browser would offer the password as ordinary text. */
export function revealButtons(): void {
  for (const button of all<HTMLButtonElement>(".reveal")) {
    const input = button.parentElement?.querySelector("input");
    if (!input) continue;
    const show = (visible: boolean): void => {
      input.type = visible ? "text" : "password";
      button.setAttribute("aria-pressed", String(visible));
    };
    button.addEventListener("click", () => {
      show(input.type === "password");
      input.focus();
    });
    input.form?.addEventListener("submit", () => show(false));
    show(false);
    button.hidden = false;
  }
}

/** Counts down to the least length while the password is typed. About length only: nothing else makes it stronger. */
export function countCharacters(): void {
  for (const hint of all<HTMLElement>("[data-count]")) {
    const input = document.getElementById(hint.dataset["count"] ?? "");
    if (!(input instanceof HTMLInputElement)) continue;
    const least = input.minLength;
    const rule = hint.textContent ?? "";
    input.addEventListener("input", () => {
      const typed = length(input.value);
      const more = least - typed;
      hint.classList.toggle("done", more <= 0);
      if (typed === 0) hint.textContent = rule;
      else if (more > 0) hint.textContent = (hint.dataset["more"] ?? "").replace("%d", String(more));
      else hint.textContent = hint.dataset["enough"] ?? "";
    });
  }
}
