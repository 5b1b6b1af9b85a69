// Somebody signs up, reads, changes and signs out by the client that is generated from the document. What its types
// refuse is marked: the compiler complains where they let it pass.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./cardea.js";

const baseUrl = process.argv[2];
assert(baseUrl);
const password = "a river of nine lanterns";
const anybody = createClient<paths>({ baseUrl });

const refused = await anybody.POST("/v1/signup", { body: { name: "Ann Lee", uid: "ann", password: "too short" } });
assert.equal(refused.response.status, 422);
assert(refused.error);
// @ts-expect-error: a code that signing up never has
assert(refused.error.code !== "precondition_failed");
assert.equal(refused.error.code, "validation_failed");
assert.equal(refused.error.errors?.[0]?.pointer, "/password");

// @ts-expect-error: a member that is missing
await anybody.POST("/v1/signin", { body: { uid: "ann" } });

const signedUp = await anybody.POST("/v1/signup", { body: { name: "Ann Lee", uid: "ann", password } });
assert.equal(signedUp.response.status, 201);
assert(signedUp.data);
assert(signedUp.data.state === "complete");
const account: components["schemas"]["Account"] = signedUp.data.user;
assert.equal(account.uid, "ann");
// Node keeps no cookies; a browser sends them itself.
const cookie = signedUp.response.headers.getSetCookie().map((each) => each.split(";")[0]).join("; ");
assert.match(cookie, /__Host-cardea=/);

const ann = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${signedUp.data.access_token}` } });
const read = await ann.GET("/v1/me");
assert.equal(read.data?.id, account.id);
const etag = read.response.headers.get("ETag");
assert(etag);
const unchanged = await ann.GET("/v1/me", { params: { header: { "If-None-Match": etag } } });
assert.equal(unchanged.response.status, 304);

const first = await ann.PATCH("/v1/me", { params: { header: { "If-Match": etag } }, body: { name: "Ann B. Lee" } });
assert.equal(first.data?.name, "Ann B. Lee");
const late = await ann.PATCH("/v1/me", { params: { header: { "If-Match": etag } }, body: { name: "Another" } });
assert.equal(late.response.status, 412);
assert(late.error);
switch (late.error.code) {
  case "precondition_failed":
    break;
  // @ts-expect-error: misspelled
  case "precondition_failled":
  default:
    assert.fail(late.error.title);
}

for (const note of ["Buy milk", "Buy bread", "Buy tea"]) {
  const made = await ann.POST("/v1/me/notes", { body: { note } });
  assert.equal(made.response.headers.get("Location"), `/v1/me/notes/${made.data?.id}`);
}
const again = { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body: { note: "Buy salt" } };
const [once, twice] = [await ann.POST("/v1/me/notes", again), await ann.POST("/v1/me/notes", again)];
assert.equal(twice.response.headers.get("Idempotency-Replayed"), "true");
assert.equal(twice.data?.id, once.data?.id);
const notes: string[] = [];
let cursor: string | null | undefined;
do {
  const page = await ann.GET("/v1/me/notes", { params: { query: cursor ? { limit: 2, cursor } : { limit: 2 } } });
  assert(page.data);
  notes.push(...page.data.data.map((each) => each.note));
  cursor = page.data.next_cursor;
} while (cursor);
assert.deepEqual(notes, ["Buy salt", "Buy tea", "Buy bread", "Buy milk"]);
// @ts-expect-error: the id is missing
await ann.GET("/v1/me/notes/{id}", {}).catch(() => undefined);
const missing = await ann.GET("/v1/me/notes/{id}", { params: { path: { id: "not_00000000000000000000000000" } } });
assert.equal(missing.error?.code, "not_found");

const byToken = await ann.GET("/v1/me/sessions");
assert.equal(byToken.error?.code, "session_cookie_required");
const byCookie = createClient<paths>({ baseUrl, headers: { Cookie: cookie } });
const sessions = await byCookie.GET("/v1/me/sessions");
assert.deepEqual(sessions.data?.data.map((each) => each.current), [true]);
const out = await byCookie.POST("/v1/signout");
assert.equal(out.response.status, 204);
for (const client of [byCookie, ann]) {
  const after = await client.GET("/v1/me");
  assert.equal(after.response.status, 401);
  assert.equal(after.error?.code, "unauthenticated");
}
