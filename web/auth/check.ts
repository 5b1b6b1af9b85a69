// Checks a form before it is sent, with the server's rules and the server's words, and shows problems the same way.
import { all, length } from "./dom.ts";

type Input = HTMLInputElement | HTMLTextAreaElement;

/** The sentence for what is wrong, or "" when nothing is. The words are in the page. */
export function problemOf(input: Input): string {
  const words = input.dataset;
  const text = input.value;
  if (input.required && text.trim() === "") return words["missing"] ?? input.validationMessage;
  if (words["short"] && text !== "" && length(text) < input.minLength) return words["short"];
  if (words["sameAs"]) {
    const other = document.getElementById(words["sameAs"]);
    if (other instanceof HTMLInputElement && other.value !== text) return words["different"] ?? "";
  }
  if (input instanceof HTMLInputElement && input.type === "file") return problemOfFile(input);
  if (words["mistyped"] && (input.validity.typeMismatch || input.validity.patternMismatch)) return words["mistyped"];
  return input.validity.badInput ? input.validationMessage : "";
}

function problemOfFile(input: HTMLInputElement): string {
  const file = input.files?.[0];
  if (!file) return "";
  if (file.size > Number(input.dataset["max"])) return input.dataset["tooLarge"] ?? "";
  return input.accept.split(",").includes(file.type) ? "" : (input.dataset["mistyped"] ?? "");
}

export function showProblem(input: Input, problem: string): void {
  const place = document.getElementById(`${input.id}-error`);
  if (!place) return;
  place.textContent = problem;
  place.hidden = problem === "";
  if (problem) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function inputsOf(form: HTMLFormElement): Input[] {
  return all<Input>("input[id]:not([type=radio]), textarea[id]", form);
}

export function checkForms(): void {
  for (const form of all<HTMLFormElement>("form[data-check]")) {
    // Ours are the same words in every browser and language; the browser's own bubbles would come first.
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      let first: Input | undefined;
      for (const input of inputsOf(form)) {
        const problem = problemOf(input);
        showProblem(input, problem);
        if (problem && !first) first = input;
      }
      if (!first) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      first.focus();
    });
    form.addEventListener("input", (event) => {
      const input = event.target;
      const typed = input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement;
      if (typed && input.getAttribute("aria-invalid") === "true" && problemOf(input) === "") showProblem(input, "");
    });
  }
}
