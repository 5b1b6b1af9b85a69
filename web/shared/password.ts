import { all, length } from "./dom.ts";

/**
 * Show and hide, for all passwords of the form at once. A form that is sent always hides first, or the browser would
 * offer the password as ordinary text. Only a key that was pressed on the button works it: a space of a passphrase that
 * began in a field does not, nor does one that is held down.
 */
export function revealButtons(): void {
  for (const button of all<HTMLButtonElement>(".reveal")) {
    const form = button.form;
    if (!form) continue;
    const inputs = all<HTMLInputElement>("input[type=password]", form);
    const words = button.textContent ?? "";
    const show = (visible: boolean): void => {
      for (const input of inputs) input.type = visible ? "text" : "password";
      button.textContent = visible ? (button.dataset["hide"] ?? "") : words;
    };
    let pressed = false;
    button.addEventListener("keydown", (event) => { pressed ||= !event.repeat; });
    button.addEventListener("blur", () => { pressed = false; });
    button.addEventListener("click", (event) => {
      const byKey = event.detail === 0 && event.isTrusted && event.pointerType === "";
      if (byKey && !pressed) return;
      pressed = false;
      show(inputs[0]?.type === "password");
    });
    form.addEventListener("submit", () => show(false));
    capsLockHints(inputs, button.dataset["caps"] ?? "");
    show(false);
    if (button.parentElement) button.parentElement.hidden = false;
  }
}

/** Says beside a password that Caps Lock is on, while it is typed. */
function capsLockHints(inputs: HTMLInputElement[], words: string): void {
  for (const input of inputs) {
    const hint = document.createElement("p");
    hint.className = "hint caps";
    hint.setAttribute("role", "status");
    input.parentElement?.after(hint);
    const look = (event: KeyboardEvent): void => {
      const text = event.getModifierState?.("CapsLock") ? words : "";
      if (hint.textContent !== text) hint.textContent = text;
    };
    input.addEventListener("keydown", look);
    input.addEventListener("keyup", look);
    input.addEventListener("blur", () => { hint.textContent = ""; });
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
    const meter = hint.previousElementSibling;
    if (meter instanceof HTMLProgressElement) meter.hidden = false;
    const count = (): void => {
      const typed = length(input.value);
      const more = input.minLength - typed;
      const over = typed - Number(input.dataset["most"]);
      const say = (text: string | undefined, number: number): void => {
        hint.textContent = (text ?? rule).replace("%d", String(number));
      };
      if (meter instanceof HTMLProgressElement) meter.value = typed;
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
