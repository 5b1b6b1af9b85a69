// Checks a form before it is sent, with the server's rules and the server's words, and shows problems the same way.
import { all, length } from "./dom.ts";
import { showSummary } from "./summary.ts";

export type Input = HTMLInputElement | HTMLTextAreaElement;

/** The sentence for what is wrong, or "" when nothing is. The words are in the page. */
export function problemOf(input: Input): string {
  const words = input.dataset;
  const text = input.value;
  if (input.required && text.trim() === "" && !input.validity.badInput) return words["missing"] ?? input.validationMessage;
  if (words["short"] && text !== "" && length(text) < input.minLength) return words["short"];
  if (words["long"] && length(text) > Number(words["most"])) return words["long"];
  if (words["sameAs"]) {
    const other = document.getElementById(words["sameAs"]);
    if (other instanceof HTMLInputElement && other.value !== text) return words["different"] ?? "";
  }
  if (input instanceof HTMLInputElement && input.type === "file") return problemOfFile(input);
  const { badInput, typeMismatch, patternMismatch, rangeUnderflow, rangeOverflow } = input.validity;
  if (words["mistyped"] && (badInput || typeMismatch || patternMismatch)) return words["mistyped"];
  if (words["low"] && text !== "" && (rangeUnderflow || Number(text) < Number(words["min"]))) return words["low"];
  if (words["high"] && text !== "" && (rangeOverflow || Number(text) > Number(words["max"]))) return words["high"];
  return badInput ? input.validationMessage : "";
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

/** Days that have been: the calendar then offers no other. */
function datesOfThePast(): void {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  for (const input of all<HTMLInputElement>("input[type=date]")) input.max = yesterday;
}

export function checkForms(): void {
  datesOfThePast();
  for (const form of all<HTMLFormElement>("form[data-check]")) {
    // Ours are the same words in every browser and language; the browser's own bubbles would come first.
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      const wrong = inputsOf(form).filter((input) => {
        const problem = problemOf(input);
        showProblem(input, problem);
        return problem !== "";
      });
      if (!wrong[0]) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      showSummary(form, wrong);
    });
    form.addEventListener("input", (event) => {
      for (const input of inputsOf(form)) {
        const concerned = input === event.target || input.dataset["sameAs"] === (event.target as Element).id;
        if (concerned && input.getAttribute("aria-invalid") === "true" && problemOf(input) === "") showProblem(input, "");
      }
    });
  }
}
