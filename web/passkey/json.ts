// Options and credentials between JSON and what the browser wants; by its own means where it has them.

type Json = Record<string, unknown>;
type Described = { id: string | BufferSource };

function bytes(text: string): ArrayBuffer {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function decoded(options: Json): unknown {
  const list = (name: string): unknown =>
    ((options[name] ?? []) as Described[]).map((each) => ({ ...each, id: bytes(each.id as string) }));
  const user = options["user"] as Described | undefined;
  return {
    ...options,
    challenge: bytes(options["challenge"] as string),
    ...(user && { user: { ...user, id: bytes(user.id as string) } }),
    excludeCredentials: list("excludeCredentials"),
    allowCredentials: list("allowCredentials"),
  };
}

export function creation(options: Json): PublicKeyCredentialCreationOptions {
  return (PublicKeyCredential.parseCreationOptionsFromJSON?.(options as never) ?? decoded(options)) as PublicKeyCredentialCreationOptions;
}

export function request(options: Json): PublicKeyCredentialRequestOptions {
  return (PublicKeyCredential.parseRequestOptionsFromJSON?.(options as never) ?? decoded(options)) as PublicKeyCredentialRequestOptions;
}

export function written(credential: PublicKeyCredential): Json {
  if ("toJSON" in credential) return credential.toJSON() as unknown as Json;
  const { id, type, response } = credential as PublicKeyCredential;
  const made = response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const parts: Json = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] as const) {
    if (made[name] instanceof ArrayBuffer) parts[name] = text(made[name]);
  }
  if ("getTransports" in made) parts["transports"] = made.getTransports();
  return { id, rawId: id, type, response: parts };
}
