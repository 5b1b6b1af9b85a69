/** On a narrow screen the account's tabs are a row that scrolls: the current one is brought into it. */
export function currentTab(): void {
  const tab = document.querySelector<HTMLElement>(".side [aria-current]");
  const row = tab?.parentElement;
  if (!tab || !row) return;
  const [inside, outside] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inside.right > outside.right) row.scrollLeft += inside.right - outside.right + 16;
  if (inside.left < outside.left) row.scrollLeft -= outside.left - inside.left + 16;
}
