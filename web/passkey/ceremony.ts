import { creation, request, written } from "./json.ts";

type Json = Record<string, unknown>;
export type Answer = { ok: boolean; json: Json };

export async function post(path: string, body?: Json): Promise<Answer> {
  const json = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { method: "POST", ...json });
  return { ok: response.ok, json: (await response.json()) as Json };
}

/** What the server refused, in its words. */
export class Refusal extends Error {
  readonly code: string;
  constructor(json: Json) {
    super(String(json["title"]));
    this.code = String(json["code"]);
  }
}

async function good(path: string, body?: Json): Promise<Json> {
  const { ok, json } = await post(path, body);
  if (!ok) throw new Refusal(json);
  return json;
}

export const optionsFrom = async (path: string, body?: Json): Promise<Json> => (await good(path, body))["options"] as Json;

/** Makes a passkey or security key and has the server keep it. */
export async function create(wish: Json): Promise<void> {
  const publicKey = creation(await optionsFrom("/v1/passkeys/register/options", wish));
  const asked = { publicKey, ...(wish["conditional"] ? { mediation: "conditional" } : {}) };
  const made = await navigator.credentials.create(asked as CredentialCreationOptions);
  await good("/v1/passkeys/register", { credential: written(made as PublicKeyCredential) });
}

/** Asks for a passkey or security key; what was shown, as JSON. */
export async function show(options: Json, more: CredentialRequestOptions = {}): Promise<Json> {
  return written((await navigator.credentials.get({ ...more, publicKey: request(options) })) as PublicKeyCredential);
}

/** What to say of a failure; nothing of one that we caused ourselves. */
export function words(box: HTMLElement, error: unknown): string {
  if (error instanceof Refusal) return error.message;
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError") return "";
  return box.dataset[name === "InvalidStateError" ? "exists" : "cancelled"] ?? "";
}

/** A button of `box` that works while scripts do; what goes wrong is said below it. */
export function onPress(box: HTMLElement, press: (button: HTMLButtonElement) => Promise<void>): void {
  const place = box.querySelector<HTMLElement>("[role=status]");
  const say = (sentence: string): void => {
    if (!place) return;
    place.textContent = sentence;
    place.hidden = sentence === "";
  };
  let busy = false;  // not `disabled`, which would take the focus away
  for (const button of box.querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      if (busy) return;
      busy = true;
      say("");
      await press(button).catch((error) => say(words(box, error)));
      busy = false;
    });
  }
  box.hidden = false;
}
