// The theme button: remembers the choice in a cookie that the server reads, so the next page comes in the right colours.
const year = 31_536_000;

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function themeToggle(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-toggle]");
  if (!button) return;
  const label = (): void => {
    button.textContent = (isDark() ? button.dataset["light"] : button.dataset["dark"]) ?? "";
  };
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset["theme"] = theme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `cardea-theme=${theme}; path=/; max-age=${year}; samesite=lax${secure}`;
    label();
  });
  label();
  button.hidden = false;
}
