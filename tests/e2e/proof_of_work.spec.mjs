// Proof of work at sign-up in a browser: nobody notices it, with a script; and without one there is a way in.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { assertSignedIn, fillSignup, pathOf, person, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, assertRefused, newVisitor, startBrowser } from "./support/visitor.mjs";

let server, calm, browser;
before(async () => {
  [server, calm, browser] = await Promise.all([
    startServer({ settings: `[signup]\nproof_of_work = "always"\n` }),
    startServer({ settings: `[signup]\nproof_of_work = "under_attack"\nproof_of_work_from = 3\n` }),
    startBrowser(),
  ]);
});
after(async () => {
  await browser?.close();
  for (const each of [server, calm]) await each?.stop();
});

const solved = (page) => page.waitForFunction(() => document.querySelector("input[name=proof]").value.includes(":"), null, { timeout: 60_000 });

async function visit(at, options, work) {
  const visitor = await newVisitor(browser, at.origin, options);
  await work(visitor.page);
  await visitor.leave();
}

test("the form is solved while it is filled in, and sent without a wait", () => visit(server, {}, async (page) => {
  await page.goto("/signup");
  await solved(page);
  const [challenge, number] = (await page.locator("input[name=proof]").inputValue()).split(":");
  const digest = createHash("sha256").update(`${challenge}:${number}`).digest();
  assert.equal(digest.readUInt32BE(0) >>> (32 - 18), 0, "the server's own digest");
  await assertAccessible(page);
  await signUp(page, person("ada", "Ada Lovelace"));
  await assertSignedIn(page);
}));

test("by the keyboard alone", () => visit(server, {}, async (page) => {
  await page.goto("/signup");
  const who = person("kay", "Kay Board");
  for (const [id, text] of [["name", who.name], ["uid", who.uid], ["password", who.password], ["password_confirm", who.password]]) {
    await page.locator(`#${id}`).focus();
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/signup");
  await assertSignedIn(page);
}));

test("who is quicker than the work is told, and is signed up when it is done", () => visit(server, { width: 320 }, async (page) => {
  // Until it is let go the work finds nothing, however long it goes on.
  await page.addInitScript(() => { globalThis.found = Math.clz32; Math.clz32 = () => 0; });
  await page.goto("/signup");
  await fillSignup(page, person("flash", "Flash Quick"));
  await page.getByRole("button", { name: "Create account" }).click();
  const status = page.locator("form [role=status]");
  await status.filter({ hasText: /Your device is doing a short check.* \d+ % done\./ }).waitFor();
  assert.equal(pathOf(page), "/signup");
  assert.equal(await page.locator("form button[type=submit]").getAttribute("aria-busy"), "true");
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await page.evaluate(() => { Math.clz32 = globalThis.found; });
  await page.waitForURL((url) => url.pathname !== "/signup");
  await assertSignedIn(page);
}));

test("what is wrong with the form is said first, and the work is kept", () => visit(server, {}, async (page) => {
  await page.goto("/signup");
  await fillSignup(page, person("mia", "Mia Ty"), "another password altogether");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.locator("#password_confirm[aria-invalid=true]").waitFor();
  assert.equal(pathOf(page), "/signup");
  await page.locator("#password_confirm").fill(person("mia").password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL((url) => url.pathname !== "/signup");
  await assertSignedIn(page);
}));

test("without scripts two from one network sign up, and the third is told to wait", async () => {
  const plain = { javaScript: false };
  for (const uid of ["noa", "nob"]) {
    await visit(server, plain, async (page) => {
      await page.goto("/signup");
      await page.getByText("Without scripts only a few people from one network").waitFor();
      await signUp(page, person(uid, "No Script"));
      await assertSignedIn(page);
    });
  }
  await visit(server, plain, async (page) => {
    await page.goto("/signup");
    await fillSignup(page, person("noc", "No Script"));
    await page.getByRole("button", { name: "Create account" }).click();
    await assertRefused(page, "", /Wait/i);
    assert.equal(await page.locator("#name").inputValue(), "No Script");
  });
});

test("an attack that begins while somebody types is not noticed", () => visit(calm, {}, async (page) => {
  await page.goto("/signup");
  assert.equal(await page.locator("input[name=proof]").getAttribute("data-asked"), null);
  await fillSignup(page, person("ivy", "Ivy Calm"));
  await solved(page);
  for (let i = 0; i < 4; i++) {
    await page.request.post("/v1/signup", { data: { name: "F", uid: `f${i}`, password: "x" } });
  }
  const asked = await page.request.get("/v1/signup/challenge");
  assert.equal((await asked.json()).asked, true);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL((url) => url.pathname !== "/signup");
  await assertSignedIn(page);
}));
