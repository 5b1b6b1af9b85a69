// The pages where passkeys are made and told of.
import { Refusal, create, onPress } from "./ceremony.ts";
import { all } from "./signal.ts";

const box = (name: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-passkey-${name}]`);

/** Adds one, and goes where the page says: to itself, or on. Quietly first, where the browser can. */
async function adding(place: HTMLElement): Promise<void> {
  const there = place.dataset["next"] || location.pathname;
  const make = async (wish: Record<string, unknown>): Promise<void> => {
    try {
      await create(wish);
      location.assign(there);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "reauth_required") throw error;
      location.assign(`/reauth?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
  };
  onPress(place, (button) => make({ kind: button.dataset["kind"] }));
  if (place.dataset["quietly"] === undefined) return;
  const able = (await PublicKeyCredential.getClientCapabilities?.())?.["conditionalCreate"];
  if (able) await make({ kind: "passkey", conditional: true }).catch(() => {});
}

if (window.PublicKeyCredential) {
  const [made, signals] = [box("add"), box("signals")];
  if (made) void adding(made);
  if (signals) all(signals.dataset);
}
