// What is shown when something is refused: by the page's own checks, and by the server when those are passed by.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fillSignin, fillSignup, openPasswordForm, pathOf, person, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertMarked, assertRefused, newVisitor, startBrowser, submitUnchecked } from "./support/visitor.mjs";

const ada = person("ada", "Ada Lovelace");
let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  await visit({}, (page) => signUp(page, ada));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function visit(options, work) {
  const visitor = await newVisitor(browser, server.origin, options);
  await work(visitor.page);
  await visitor.leave();
}

for (const javaScript of [true, false]) {
  const words = javaScript ? "with scripts" : "without scripts";

  test(`a wrong password and an unknown person look the same, ${words}`, () => visit({ javaScript }, async (page) => {
    const seen = [];
    for (const uid of [ada.uid, "nobody"]) {
      await page.goto("/signin");
      await fillSignin(page, uid, "not the right password");
      await assertRefused(page, "", /don't match/);
      assert.equal(await page.locator("#uid").inputValue(), uid);
      seen.push(await page.getByRole("alert").innerText());
    }
    assert.equal(seen[0], seen[1]);
  }));

  test(`a taken user id is named, and the rest of the form is kept, ${words}`, () => visit({ javaScript }, async (page) => {
    await page.goto("/signup");
    await fillSignup(page, { ...person("ada", "Other Ada"), email: "other@example.com" });
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("alert").waitFor();
    await assertRefused(page, "uid", /taken/);
    assert.equal(await page.locator("#name").inputValue(), "Other Ada");
  }));
}

test("two different passwords are refused without scripts too", () => visit({ javaScript: false }, async (page) => {
  await page.goto("/signup");
  await fillSignup(page, person("bob", "Bob"), "correct horse battery stable");
  await page.getByRole("button", { name: "Create account" }).click();
  await assertRefused(page, "password_confirm", /differ|match|same/);
}));

test("two different passwords are refused before sending", () => visit({}, async (page) => {
  await page.goto("/signup");
  await fillSignup(page, person("bob", "Bob"), "correct horse battery stable");
  await page.getByRole("button", { name: "Create account" }).click();
  await assertMarked(page, "password_confirm", /differ/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "password_confirm");
  await page.locator("#password_confirm").fill(ada.password);
  assert.equal(await page.locator("#password_confirm").getAttribute("aria-invalid"), null);
}));

test("a short password is refused before sending, in the server's words", () => visit({}, async (page) => {
  await page.goto("/signup");
  await fillSignup(page, { ...person("bob", "Bob"), password: "short" });
  await page.getByRole("button", { name: "Create account" }).click();
  await assertMarked(page, "password", /at least \d+ characters/i);
  const ours = await page.locator("#password-error").innerText();
  await submitUnchecked(page);
  await assertRefused(page, "password", /at least \d+ characters/i);
  assert.equal(await page.locator("#password-error").innerText(), ours);
}));

test("an empty form names every input that is missing", () => visit({}, async (page) => {
  await page.goto("/signup");
  await page.getByRole("button", { name: "Create account" }).click();
  for (const field of ["name", "uid", "password"]) await assertMarked(page, field, /\w/);
  await assertRefused(page, "name", /Enter your name\./);
  await submitUnchecked(page);
  assert.match(await page.title(), /^Error: /);
  for (const field of ["name", "uid", "password"]) assert.ok(await page.locator(`.summary a[href="#${field}"]`).count(), field);
}));

test("a wrong current password does not change the password", () => visit({}, async (page) => {
  await page.goto("/signin");
  await fillSignin(page, ada.uid, ada.password);
  await page.waitForURL((url) => url.pathname !== "/signin");
  await openPasswordForm(page);
  await page.locator("#current_password").fill("not the right password");
  await page.locator("#password").fill("a wholly different pass phrase");
  await page.locator("#password_confirm").fill("a wholly different pass phrase");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("alert").waitFor();
  await assertRefused(page, "current_password", /\w/);
}));

test("a file that is far too large leads back to the notes, without scripts", () => visit({ javaScript: false }, async (page) => {
  await page.goto("/signin");
  await fillSignin(page, ada.uid, ada.password);
  await page.waitForURL((url) => url.pathname !== "/signin");
  await page.goto("/account/notes");
  await page.locator("#note").fill("x");
  await page.locator("#image").setInputFiles({ name: "big.png", mimeType: "image/png", buffer: Buffer.alloc(4 * 1024 * 1024) });
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByText("Pictures can be up to 1 MB.").waitFor();
  await page.getByRole("link", { name: "Back to your notes" }).click();
  assert.equal(pathOf(page), "/account/notes");
}));

test("a post from another origin is refused, even with the form's token", () => visit({}, async (page) => {
  await page.goto("/signin");
  const form = { uid: ada.uid, password: ada.password, csrf: await page.locator("main input[name=csrf]").inputValue() };
  const post = (origin) => page.request.post("/signin", { form, headers: { Origin: origin }, maxRedirects: 0 });
  assert.equal((await post("https://evil.example")).status(), 403);
  assert.equal((await post(server.origin)).status(), 303);
}));

test("a form without its token is refused", () => visit({}, async (page) => {
  const answer = await page.request.post("/signin", { form: { uid: ada.uid, password: ada.password }, headers: { Origin: server.origin } });
  assert.equal(answer.status(), 403);
}));

test("next never leads to another site", () => visit({}, async (page) => {
  await page.goto("/signin?next=" + encodeURIComponent("//evil.example/"));
  await fillSignin(page, ada.uid, ada.password);
  await page.waitForURL((url) => url.pathname !== "/signin");
  assert.equal(new URL(page.url()).origin, server.origin);
}));

test("an address where nothing is says so", () => visit({}, async (page) => {
  const answer = await page.goto("/no/such/page");
  assert.equal(answer.status(), 404);
  assert.equal(pathOf(page), "/no/such/page");
  await page.getByRole("link", { name: /start page/ }).waitFor();
}));
