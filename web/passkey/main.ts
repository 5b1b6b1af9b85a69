// Passkeys need scripts: without them their buttons stay hidden, and everything else works as it does.
import { Refusal, create, onPress, optionsFrom, show } from "./ceremony.ts";
import { all } from "./signal.ts";
import { signIn } from "./signin.ts";

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

/** The second step: what the key says goes where a code would. */
function secondStep(place: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>("form[data-check]");
  const method = form?.querySelector<HTMLInputElement>("input[name=method][value=security_key]");
  const code = form?.querySelector<HTMLInputElement>("input[name=code]");
  if (!form || !method || !code) return;
  form.hidden = method.type === "hidden";
  onPress(place, async () => {
    const shown = await show(await optionsFrom("/v1/passkeys/second-factor/options"));
    method.checked = true;
    code.value = JSON.stringify(shown);
    form.submit();
  });
}

if (window.PublicKeyCredential) {
  const [signing, made, step, signals] = [box("signin"), box("add"), box("step"), box("signals")];
  if (signing) void signIn(signing);
  if (made) void adding(made);
  if (step) secondStep(step);
  if (signals) all(signals.dataset);
  for (const hint of document.querySelectorAll<HTMLElement>("[data-no-passkeys]")) hint.hidden = true;
}
