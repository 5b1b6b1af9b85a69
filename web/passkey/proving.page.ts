// A key or passkey shown in the course of something: as the second step of a sign-in, or again by who is signed in.
import { onPress, optionsFrom, show } from "./ceremony.ts";

/** What the passkey or key says goes where a code would. */
function answerIn(form: HTMLFormElement, place: HTMLElement, occasion: string): void {
  const code = form.querySelector<HTMLInputElement>("input[name=code]")!;
  onPress(place, async () => {
    if (!form.checkValidity()) return form.requestSubmit();  // which says what is missing
    const shown = await show(await optionsFrom(`/v1/passkeys/${occasion}/options`));
    code.value = JSON.stringify(shown);
    form.submit();
  });
}

/** The key stands in for the code of a form; what is beside it is still to be filled in. */
function secondStep(place: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>("form[data-check]:has([name=method][value=security_key])");
  const code = form?.querySelector<HTMLInputElement>("input[name=code]");
  if (!form || !code) return;
  code.required = false;
  form.hidden = !form.querySelector("input:is([type=password], [type=checkbox])");
  for (const typed of form.querySelectorAll<HTMLElement>(".field:has([name=code]), button[type=submit]")) typed.hidden = true;
  answerIn(form, place, "second-factor");
}

if (window.PublicKeyCredential) {
  const step = document.querySelector<HTMLElement>("[data-passkey-step]");
  if (step) secondStep(step);
  const again = document.querySelector<HTMLFormElement>("form[data-passkey-again]");
  if (again) answerIn(again, again, "reauth");
}
