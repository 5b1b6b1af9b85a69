import type { Input } from "./check.ts";

function labelOf(input: Input): string {
  const words = input.labels?.[0]?.cloneNode(true) as Element | undefined;
  words?.querySelector(".optional")?.remove();
  return words?.textContent?.trim() ?? "";
}

function lineOf(input: Input): HTMLLIElement {
  const link = document.createElement("a");
  link.href = `#${input.id}`;
  link.textContent = `${labelOf(input)}: ${document.getElementById(`${input.id}-error`)?.textContent}`;
  const line = document.createElement("li");
  line.append(link);
  return line;
}

/** What the server shows after a refusal: the title says so, and of several problems there is a list. One has the focus. */
export function showSummary(form: HTMLFormElement, wrong: Input[]): void {
  document.querySelector(".summary")?.remove();
  document.querySelector(".notice[role]")?.remove();
  const sign = form.dataset["error"] ?? "";
  if (!document.title.startsWith(sign)) document.title = `${sign} ${document.title}`;
  if (wrong.length === 1) return wrong[0]?.focus();
  const box = document.createElement("div");
  box.className = "summary";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  const heading = document.createElement("h2");
  heading.textContent = form.dataset["check"] ?? "";
  const list = document.createElement("ul");
  list.append(...wrong.map(lineOf));
  box.append(heading, list);
  form.before(box);
  box.focus();
}
