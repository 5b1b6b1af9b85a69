// Signing in by a passkey: by a button, and from the suggestions of the user id's input.
import { Refusal, optionsFrom, post, show, words, onPress } from "./ceremony.ts";
import { forget, rename } from "./signal.ts";

const path = "/v1/passkeys/authenticate";
const patience = 240_000;  // ms for which a challenge is offered; the server takes it a minute longer

let waiting: AbortController | undefined;

function next(): string {
  return document.querySelector<HTMLInputElement>("form input[name=next]")?.value || "/account";
}

async function finish(credential: Record<string, unknown>, party: string, place: string): Promise<void> {
  const { ok, json } = await post(path, { credential });
  if (!ok) {
    if (json["code"] === "passkey.unknown") forget(party, String(credential["id"]));
    throw new Refusal(json);
  }
  const complete = json["state"] === "complete";
  if (complete) rename(party, credential, json["user"] as Record<string, unknown>);
  location.assign(complete ? place : `/signin/verify?next=${encodeURIComponent(place)}`);
}

/** Offers passkeys among the suggestions, with a fresh challenge before the old one ends. */
async function suggest(box: HTMLElement, place: string): Promise<void> {
  waiting = new AbortController();
  const { signal } = waiting;
  const renew = setTimeout(() => {
    waiting?.abort();
    const again = (): void => void suggest(box, place);
    if (document.visibilityState === "visible") again();
    else addEventListener("visibilitychange", again, { once: true });
  }, patience);
  try {
    const options = await optionsFrom(`${path}/options`).catch(() => undefined);
    if (!options) return;  // who asked for nothing is told of no failure
    await finish(await show(options, { mediation: "conditional", signal }), String(options["rpId"]), place);
  } catch (error) {
    const status = box.querySelector<HTMLElement>("[role=status]");
    if (status && error instanceof Refusal) {
      status.textContent = words(box, error);
      status.hidden = false;
    }
  } finally {
    clearTimeout(renew);
  }
}

/** Whoever signs in by password on a device that could keep a passkey is offered one on the way. */
async function offerAfterwards(box: HTMLElement, place: string): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-check]");
  if (!form || !(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable())) return;
  let input = form.querySelector<HTMLInputElement>("input[name=next]");
  if (!input) {
    input = document.createElement("input");
    input.type = "hidden";
    input.name = "next";
    form.append(input);
  }
  input.value = `${box.dataset["offer"]}?next=${encodeURIComponent(place)}`;
}

export async function signIn(box: HTMLElement): Promise<void> {
  const place = next();
  const suggests = await PublicKeyCredential.isConditionalMediationAvailable?.();
  onPress(box, async () => {
    waiting?.abort();  // before the modal call: a browser has one at a time
    try {
      const options = await optionsFrom(`${path}/options`);
      await finish(await show(options), String(options["rpId"]), place);
    } catch (error) {
      if (suggests) void suggest(box, place);
      throw error;
    }
  });
  await offerAfterwards(box, place);
  if (suggests) await suggest(box, place);
}
