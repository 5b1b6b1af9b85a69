// Ceremonies, honest and wrong, judged by a real server and by SimpleWebAuthn: the verdicts must be the same.
//
//   ORIGIN=http://localhost:8480 COOKIE=__Host-cardea=… HANDLE=… node differential.mjs 500
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { Authenticator, algorithms } from "./authenticator.mjs";

const { ORIGIN: origin, COOKIE: session } = process.env;
const rounds = Number(process.argv[2]);
const rpId = new URL(origin).hostname;
let handle = "";

let state = 1;  // the same ceremonies each time
const below = (limit) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * limit);
};
const one = (list) => list[below(list.length)];

async function ask(method, path, body, cookie) {
  const response = await fetch(origin + path, {
    method, headers: { ...(body && { "Content-Type": "application/json" }), cookie },
    ...(body && { body: JSON.stringify(body) }),
  });
  const json = response.status === 204 ? {} : await response.json();
  if (response.status === 429) throw new Error(`${path}: ${json.title}`);
  return { status: response.status, json, cookies: response.headers.getSetCookie() };
}

/** What a ceremony may be besides honest; the flags are UP, UV, BE and BS. */
const ways = [
  () => ({}), () => ({}), () => ({}), () => ({ flags: 0x05 }), () => ({ packed: true }), () => ({ count: 7 }),
  () => ({ more: { extra: "x" } }),
  () => ({ origin: one([`${origin}.evil.test`, origin.replace("http", "https"), `${origin}/`, "null", "http://sub.localhost"]) }),
  () => ({ rpId: one(["evil.test", "", `sub.${rpId}`]) }),
  () => ({ challenge: one(["AAAA", "", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]) }),
  () => ({ type: one(["webauthn.create", "webauthn.get", "payment.get", ""]) }),
  () => ({ flags: one([0x00, 0x01, 0x04, 0x18, 0x15]) }),
  () => ({ spoils: one(["signature", "data", "rawId"]), packed: true }),
];

async function libraryTakes(verify) {
  try {
    return (await verify()).verified;
  } catch {
    return false;
  }
}

const disagreements = [];
const counted = { registrations: 0, assertions: 0, taken: 0 };
function compare(what, ceremony, library, server) {
  counted[what] += 1;
  if (library && server) counted.taken += 1;
  if (library !== server) disagreements.push({ what, ceremony, library, server });
}

async function register(authenticator, tweaks) {
  const begun = await ask("POST", "/v1/passkeys/register/options", { kind: "passkey" }, session);
  const { challenge, user } = begun.json.options;
  handle = user.id;
  const ceremony = { challenge, origin, rpId, flags: 0x1d, ...tweaks };
  const response = authenticator.create(ceremony);
  const library = await libraryTakes(() => verifyRegistrationResponse({
    response, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true,
  }));
  const { status, json } = await ask("POST", "/v1/passkeys/register", { credential: response }, session);
  compare("registrations", ceremony, library, status === 201);
  return status === 201 ? json.id : undefined;
}

async function signIn(authenticator, eligible, tweaks, stored) {
  const begun = await ask("POST", "/v1/passkeys/authenticate/options", undefined, "");
  const { challenge } = begun.json.options;
  const cookie = begun.cookies.find((each) => each.startsWith("__Host-cardea-ceremony=")).split(";")[0];
  const ceremony = { challenge, origin, rpId, handle, flags: eligible ? 0x1d : 0x05, ...tweaks };
  const response = authenticator.get(ceremony);
  const library = await libraryTakes(() => verifyAuthenticationResponse({
    response, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true,
    credential: { id: authenticator.id.toString("base64url"), publicKey: authenticator.cose, counter: stored.count },
  }));
  const { status } = await ask("POST", "/v1/passkeys/authenticate", { credential: response }, cookie);
  // That a credential never becomes eligible for backups is ours to see: the library has no word for it.
  if (((ceremony.flags >> 3) & 1) === Number(eligible)) compare("assertions", ceremony, library, status === 200);
  if (status === 200) stored.count = ceremony.count ?? 0;
}

for (let round = 0; round < rounds; ++round) {
  const authenticator = new Authenticator(algorithms[round % 3]);
  const id = await register(authenticator, one(ways)());
  if (id) await ask("DELETE", `/v1/me/passkeys/${id}`, undefined, session);
}
for (let round = 0; round < rounds / 10; ++round) {
  const authenticator = new Authenticator(algorithms[round % 3]);
  const id = await register(authenticator, {});
  const stored = { count: 0 };
  for (let use = 0; use < 10; ++use) await signIn(authenticator, true, one(ways)(), stored);
  await ask("DELETE", `/v1/me/passkeys/${id}`, undefined, session);
}
console.log(JSON.stringify({ ...counted, disagreements }));
