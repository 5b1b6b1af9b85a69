import { all, length } from "./dom.ts";

/**
 * Show and hide, for the password and its repetition at once. A form that is sent always hides first, or the browser
 * would offer the password as ordinary text.
 */
export function revealButtons(): void {
  for (const button of all<HTMLButtonElement>(".reveal")) {
    const input = button.parentElement?.querySelector("input");
    if (!input) continue;
    const inputs = [input, ...all<HTMLInputElement>(`[data-same-as="${input.id}"]`)];
    const words = button.dataset;
    const shown = [button.textContent, button.getAttribute("aria-label")];
    const show = (visible: boolean): void => {
      for (const each of inputs) each.type = visible ? "text" : "password";
      const [text, label] = visible ? [words["hide"], words["hideLabel"]] : shown;
      button.textContent = text ?? "";
      button.setAttribute("aria-label", label ?? "");
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

/**
 * Counts to the least length, and says when there is too much: what is pasted is never cut in silence. About length
 * only: nothing else makes a password stronger.
 */
export function countCharacters(): void {
  for (const hint of all<HTMLElement>("[data-count]")) {
    const input = document.getElementById(hint.dataset["count"] ?? "");
    if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement)) continue;
    const rule = hint.textContent ?? "";
    const words = hint.dataset;
    const count = (): void => {
      const typed = length(input.value);
      const more = input.minLength - typed;
      const over = typed - Number(input.dataset["most"]);
      const say = (text: string | undefined, number: number): void => {
        hint.textContent = (text ?? rule).replace("%d", String(number));
      };
      hint.classList.toggle("over", over > 0);
      hint.classList.toggle("done", words["enough"] !== undefined && more <= 0 && over <= 0);
      if (over > 0) say(words["over"], over);
      else if (typed === 0) say(rule, 0);
      else if (more > 0) say(words["more"], more);
      else if (words["left"] && over > -200) say(words["left"], -over);
      else say(words["enough"], 0);
    };
    input.addEventListener("input", count);
    count();
  }
}
