// What is being written outlives a session that ends meanwhile: kept in this tab alone, under its writer and its page.
import { all } from "../shared/dom.ts";

const prefix = "draft:";
const sent = "sent";

export function drafts(): void {
  try {
    // The storage may be switched off; then there are no drafts.
    keepDrafts(sessionStorage);
  } catch {
    return;
  }
}

function keepDrafts(storage: Storage): void {
  // Sent and taken is what the notice beside the form says. Any other page says that it was not: sign in first, say.
  const done = storage.getItem(sent);
  storage.removeItem(sent);
  if (done && document.querySelector("textarea[data-draft]") && document.querySelector(".notice[role]")) {
    storage.removeItem(done);
  }
  for (const area of all<HTMLTextAreaElement>("textarea[data-draft]")) {
    const key = `${prefix}${area.dataset["draft"]}:${location.pathname}`;
    const kept = storage.getItem(key);
    if (kept !== null && kept !== area.value && !document.querySelector(".summary")) {
      area.value = kept;
      const said = document.getElementById(`${area.id}-kept`);
      if (said) said.hidden = false;
      area.dispatchEvent(new Event("input", { bubbles: true }));  // for who counts its characters
    }
    area.addEventListener("input", () => {
      if (area.value === area.defaultValue) storage.removeItem(key);
      else storage.setItem(key, area.value);
    });
    area.form?.addEventListener("submit", () => storage.setItem(sent, key));
    for (const link of all("[data-drop-draft]")) link.addEventListener("click", () => storage.removeItem(key));
  }
  for (const form of all<HTMLFormElement>('form[action="/signout"]')) {
    form.addEventListener("submit", () => {
      for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
    });
  }
}
