// An authenticator and its browser: honest ceremonies, and such as are wrong in one way.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const url = (bytes) => Buffer.from(bytes).toString("base64url");

function head(type, number) {
  if (number < 24) return Buffer.from([(type << 5) | number]);
  if (number < 256) return Buffer.from([(type << 5) | 24, number]);
  return Buffer.from([(type << 5) | 25, number >> 8, number & 255]);
}
const int = (number) => (number >= 0 ? head(0, number) : head(1, -1 - number));
const bytes = (value) => Buffer.concat([head(2, value.length), value]);
const text = (value) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const map = (...entries) => Buffer.concat([head(5, entries.length), ...entries.flat()]);

const kinds = {
  es256: { alg: -7, make: () => generateKeyPairSync("ec", { namedCurve: "P-256" }), digest: "sha256" },
  eddsa: { alg: -8, make: () => generateKeyPairSync("ed25519"), digest: null },
  rs256: { alg: -257, make: () => generateKeyPairSync("rsa", { modulusLength: 2048 }), digest: "sha256" },
};
export const algorithms = Object.keys(kinds);

function cose(kind, publicKey) {
  const jwk = publicKey.export({ format: "jwk" });
  const part = (name) => bytes(Buffer.from(jwk[name], "base64url"));
  if (kind === "es256") return map([int(1), int(2)], [int(3), int(-7)], [int(-1), int(1)], [int(-2), part("x")], [int(-3), part("y")]);
  if (kind === "eddsa") return map([int(1), int(1)], [int(3), int(-8)], [int(-1), int(6)], [int(-2), part("x")]);
  return map([int(1), int(3)], [int(3), int(-257)], [int(-1), part("n")], [int(-2), part("e")]);
}

export class Authenticator {
  constructor(kind) {
    this.kind = kind;
    this.id = randomBytes(32);
    ({ publicKey: this.publicKey, privateKey: this.privateKey } = kinds[kind].make());
    this.cose = cose(kind, this.publicKey);
  }

  clientData(ceremony, type) {
    const { challenge, origin, type: said = type } = ceremony;
    return Buffer.from(JSON.stringify({ type: said, challenge, origin, crossOrigin: false, ...ceremony.more }));
  }

  head(ceremony, flags) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(ceremony.count ?? 0);
    return Buffer.concat([sha256(ceremony.rpId), Buffer.from([flags]), count]);
  }

  sign(data, clientData) {
    return sign(kinds[this.kind].digest, Buffer.concat([data, sha256(clientData)]), this.privateKey);
  }

  create(ceremony) {
    const clientData = this.clientData(ceremony, "webauthn.create");
    const length = Buffer.from([this.id.length >> 8, this.id.length & 255]);
    const data = Buffer.concat([this.head(ceremony, 0x40 | ceremony.flags), Buffer.alloc(16), length, this.id, this.cose]);
    const signature = ceremony.spoils === "signature" ? randomBytes(70) : this.sign(data, clientData);
    const statement = ceremony.packed ? map([text("alg"), int(kinds[this.kind].alg)], [text("sig"), bytes(signature)]) : map();
    const object = map([text("fmt"), text(ceremony.packed ? "packed" : "none")], [text("attStmt"), statement], [text("authData"), bytes(data)]);
    return this.answer(ceremony, { clientDataJSON: url(clientData), attestationObject: url(object) });
  }

  get(ceremony) {
    const clientData = this.clientData(ceremony, "webauthn.get");
    const data = this.head(ceremony, ceremony.flags);
    const signature = this.sign(data, clientData);
    if (ceremony.spoils === "signature") signature[signature.length - 1] ^= 1;
    if (ceremony.spoils === "data") data[36] ^= 1;
    return this.answer(ceremony, { clientDataJSON: url(clientData), authenticatorData: url(data), signature: url(signature), userHandle: ceremony.handle });
  }

  answer(ceremony, response) {
    const id = url(this.id);
    return { id, rawId: ceremony.spoils === "rawId" ? url(randomBytes(32)) : id, type: "public-key", clientExtensionResults: {}, response };
  }
}
