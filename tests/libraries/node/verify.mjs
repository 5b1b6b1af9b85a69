// Reads a token a line, and says of each "ok SUBJECT" or "refused WHY". What is between the marks is in docs/tokens.md.
import { createInterface } from 'node:readline'

const { ISSUER: issuer, AUDIENCE: audience } = process.env
// docs {
import { createRemoteJWKSet, jwtVerify } from 'jose'

const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))

async function verify(token) {
  const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', requiredClaims: ['sub', 'exp'] })
  return payload
}
// docs }

for await (const token of createInterface({ input: process.stdin })) {
  try {
    console.log(`ok ${(await verify(token)).sub}`)
  } catch (error) {
    console.log(`refused ${error.code ?? error.message}`)
  }
}
