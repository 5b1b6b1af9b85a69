import { all } from "./dom.ts";

/** Asks before a form that destroys something. Without scripts the form is one deliberate button on its own page. */
export function confirmForms(): void {
  for (const form of all<HTMLFormElement>("form[data-confirm]")) {
    form.addEventListener("submit", (event) => {
      if (confirm(form.dataset["confirm"])) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    });
  }
}
