// Tells the browser's keeper of passkeys what is true here, where it listens (WebAuthn Level 3 §5.1.10).

type Signals = Partial<Record<"signalUnknownCredential" | "signalAllAcceptedCredentials" | "signalCurrentUserDetails", (told: unknown) => Promise<void>>>;

function tell(name: keyof Signals, told: unknown): void {
  (PublicKeyCredential as unknown as Signals)[name]?.(told).catch(() => {});
}

export function forget(rpId: string, credentialId: string): void {
  tell("signalUnknownCredential", { rpId, credentialId });
}

export function rename(rpId: string, credential: Record<string, unknown>, user: Record<string, unknown>): void {
  const userId = (credential["response"] as Record<string, unknown>)["userHandle"];
  const name = user["uid"] ?? user["email"] ?? user["name"];
  tell("signalCurrentUserDetails", { rpId, userId, name, displayName: user["name"] || name });
}

/** All that an account has, as its page says. */
export function all(data: DOMStringMap): void {
  const [rpId, userId] = [data["party"], data["handle"]];
  const allAcceptedCredentialIds = (data["ids"] ?? "").split(" ").filter(Boolean);
  tell("signalAllAcceptedCredentials", { rpId, userId, allAcceptedCredentialIds });
  tell("signalCurrentUserDetails", { rpId, userId, name: data["name"], displayName: data["display"] });
}
