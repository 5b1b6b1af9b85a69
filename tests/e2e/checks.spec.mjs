// The checks a page makes before it sends a form: the server's rules in the server's words.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fillSignup, password, pathOf, person, signIn, signUp } from "./support/people.mjs";
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

const send = (page) => page.getByRole("button", { name: "Create account" }).click();

/** Nothing was posted: the page is the one that was opened. */
async function assertHeldBack(page, field, text) {
  await send(page);
  await assertMarked(page, field, text);
  assert.equal(await page.evaluate(() => performance.getEntriesByType("navigation")[0].type), "navigate");
  assert.equal(await page.locator("#name").evaluate((input) => input.defaultValue), "", "the form was sent");
}

for (const [field, typed, text] of [
  ["name", "A", /at least 2 characters/], ["uid", "a", /at least 2 characters/], ["uid", "a@b", /Leave out the @/],
  ["password", "x".repeat(300), /at most 256 characters/],
]) {
  test(`${field} "${typed.slice(0, 10)}" is held back`, () => visit({}, async (page) => {
    await page.goto("/signup");
    await fillSignup(page, { ...person("bob", "Bob"), ...(field === "password" ? { password: typed } : {}) });
    await page.locator(`#${field}`).fill(typed);
    await assertHeldBack(page, field, text);
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.evaluate(() => document.activeElement?.id), field, "the only problem has the focus");
    const ours = await page.locator(`#${field}-error`).innerText();
    await submitUnchecked(page);
    assert.equal(await page.locator(`#${field}-error`).innerText(), ours, "the server says the same");
  }));
}

for (const [typed, text] of [["2999-01-01", /in the past/], ["1850-01-01", /after 1900/]]) {
  test(`dob "${typed}" is held back`, () => visit({}, async (page) => {
    await signIn(page, ada.uid);
    await page.goto("/account");
    await page.locator("#dob").fill(typed);
    await page.getByRole("button", { name: "Save changes" }).click();
    await assertMarked(page, "dob", text);
    const ours = await page.locator("#dob-error").innerText();
    await submitUnchecked(page);
    assert.equal(await page.locator("#dob-error").innerText(), ours, "the server says the same");
  }));
}

test("several problems are listed as the server lists them", () => visit({}, async (page) => {
  await page.goto("/signup");
  await page.locator("#name").fill("A");
  await page.locator("#uid").fill("b");
  await page.locator("#password").fill(password);
  await page.locator("#password_confirm").fill("another");
  await send(page);
  await assertMarked(page, "name", /at least 2/);
  const ours = await page.getByRole("alert").innerText();
  assert.equal(await page.getByRole("alert").evaluate((box) => box === document.activeElement), true);
  await submitUnchecked(page);
  assert.equal(await page.getByRole("alert").innerText(), ours);
  await send(page);
  assert.equal(await page.getByRole("alert").count(), 1, "the new list takes the old one's place");
}));

test("correcting either password clears their difference", () => visit({}, async (page) => {
  await page.goto("/signup");
  await fillSignup(page, person("bob", "Bob"), "correct horse battery stable");
  await send(page);
  await assertMarked(page, "password_confirm", /differ/);
  await page.locator("#password").fill("correct horse battery stable");
  assert.equal(await page.locator("#password_confirm").getAttribute("aria-invalid"), null);
}));

// ASVS 6.2.7
test("what is pasted is never cut in silence", () => visit({}, async (page) => {
  await page.goto("/signup");
  await page.locator("#password").fill("x".repeat(260));
  assert.equal((await page.locator("#password").inputValue()).length, 260);
  assert.equal(await page.locator("#password-hint").innerText(), "4 characters too many.");
}));

test("the date of birth can be filled in by the browser", () => visit({}, async (page) => {
  await signIn(page, ada.uid);
  await page.goto("/account");
  assert.equal(await page.locator("#dob").getAttribute("autocomplete"), "bday");
}));

for (const javaScript of [true, false]) {
  const words = javaScript ? "with scripts" : "without scripts";
  test(`a wrong password at the confirmation is a problem of its field, ${words}`, () => visit({ javaScript }, async (page) => {
    await page.goto("/signin");
    await page.locator("#uid").fill(ada.uid);
    await page.locator("#password").fill(ada.password);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL((url) => url.pathname !== "/signin");
    await page.goto("/reauth");
    await page.locator("#password").fill("not the right password");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("alert").waitFor();
    await assertRefused(page, "password", /This is not your current password/);
  }));
}

test("no address says that an account is deleted", () => visit({ javaScript: false }, async (page) => {
  await page.goto("/signin?done=deleted");
  assert.equal(await page.getByRole("status").count(), 0);
}));

test("who is signed out is told so once, and the sign-out page does not ask again", () => visit({}, async (page) => {
  await page.goto("/signin");
  await page.locator("#uid").fill(ada.uid);
  await page.locator("#password").fill(ada.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL((url) => url.pathname !== "/signin");
  await page.goto("/");
  await page.getByRole("heading", { name: "Hello, Ada Lovelace" }).waitFor();
  await page.goto("/signup");
  await page.getByText("You are signed in as Ada Lovelace").waitFor();
  await page.goto("/signout");
  await page.locator("main").getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.reload();
  assert.equal(await page.getByText("You are signed out.").count(), 0);
  await page.goto("/signout");
  assert.equal(pathOf(page), "/");
}));
