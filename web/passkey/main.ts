// Passkeys need scripts: without them their buttons stay hidden, and everything else works as it does. What the pages
// about one's own passkeys need besides is in making.page.ts.
import { onPress, optionsFrom, show } from "./ceremony.ts";
import { signIn } from "./signin.ts";

const box = (name: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-passkey-${name}]`);

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
  const [signing, step] = [box("signin"), box("step")];
  if (signing) void signIn(signing);
  if (step) secondStep(step);
  for (const hint of document.querySelectorAll<HTMLElement>("[data-no-passkeys]")) hint.hidden = true;
}
