// The theme button: remembers the choice in a cookie that the server reads, so the next page comes in the right colours.
import { all } from "./dom.ts";

const year = 31_536_000;

const systemIsDark = (): boolean => matchMedia("(prefers-color-scheme: dark)").matches;

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : systemIsDark();
}

const ground = (): string => getComputedStyle(document.body).backgroundColor;

export function themeToggle(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-toggle]");
  if (!button) return;
  const label = (): void => {
    button.textContent = (isDark() ? button.dataset["light"] : button.dataset["dark"]) ?? "";
  };
  button.addEventListener("click", () => {
    const dark = !isDark();
    // Back to what the system says is no choice any more: the pages follow the system again.
    const chosen = dark !== systemIsDark();
    const theme = dark ? "dark" : "light";
    if (chosen) document.documentElement.dataset["theme"] = theme;
    else delete document.documentElement.dataset["theme"];
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `cardea-theme=${theme}; path=/; max-age=${chosen ? year : 0}; samesite=lax${secure}`;
    for (const meta of all<HTMLMetaElement>("meta[name=theme-color]")) meta.content = ground();
    label();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  label();
  button.hidden = false;
}
