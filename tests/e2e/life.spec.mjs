// What people do about their account: codes by e-mail, what happened to it, "This wasn't me", all that is held of it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { readLetter } from "./support/letters.mjs";
import { assertSignedIn, assertSignedOut, fillSignin, fillSignup, person } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, newVisitor, startBrowser } from "./support/visitor.mjs";

let server, strict, browser;
before(async () => {
  [server, strict, browser] = await Promise.all([
    startServer(),
    startServer({ settings: `[signup]\nverify = "required"\nemail = "required"\n[signin]\nmethods = ["password", "passkey", "email_code"]\n` }),
    startBrowser(),
  ]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await strict?.stop();
});

const codeTo = async (place, address, subject = "is your code") => (await readLetter(browser, place.origin, address, { subject })).code;

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without scripts";
  const look = async (page) => {
    if (javaScript) await assertAccessible(page);
    await assertNoSidewaysScroll(page);
  };

  test(`codes by e-mail are set up and asked for; what happened is shown, and disowned, ${how}`, async () => {
    const ann = person(`ann${javaScript ? "js" : "no"}`, "Ann Lee");
    const visitor = await newVisitor(browser, server.origin, { javaScript, width: 390 });
    const { page } = visitor;
    await page.goto("/signup");
    await fillSignup(page, ann);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForURL("**/verify");
    await page.locator("#code").fill(await codeTo(server, ann.email));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.waitForURL("**/account");

    await page.goto("/account/security/email-codes");
    await look(page);
    const first = await codeTo(server, ann.email);
    await page.locator("form[action$='/start'] button").click();
    await page.locator("#code").waitFor();
    await look(page);
    let code = first;
    while (code === first) code = await codeTo(server, ann.email);
    await page.locator("#code").fill(code);
    await page.locator("form[action='/account/security/email-codes'] button").click();
    await page.waitForURL("**/recovery-codes**");

    await page.context().clearCookies();
    await page.goto("/signin");
    await fillSignin(page, ann.uid, ann.password);
    await page.waitForURL("**/signin/verify**");
    await look(page);
    let asked = code;
    while (asked === code) asked = await codeTo(server, ann.email);
    await page.locator("#code").fill(asked);
    await page.locator("form[action='/signin/verify'] button").first().click();
    await assertSignedIn(page);

    await page.goto("/account/data");
    await look(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download my data" }).click()]);
    const held = JSON.parse(await readFile(await file.path(), "utf8"));
    assert.ok(JSON.stringify(held).includes(ann.email));
    assert.ok(!JSON.stringify(held).includes("argon2"));

    await page.goto("/activity");
    await look(page);
    await page.locator("a[href='/activity/secure']").first().click();
    await look(page);
    await page.locator("form[action='/activity/secure'] button").click();
    await page.waitForURL("**/activity/secured");
    await look(page);
    await assertSignedOut(page);
    await visitor.leave();
  });

  test(`an address that must be confirmed, and a code in place of the password, ${how}`, async () => {
    const bea = person(`bea${javaScript ? "js" : "no"}`, "Bea Ray");
    const visitor = await newVisitor(browser, strict.origin, { javaScript, width: 390 });
    const { page } = visitor;
    await page.goto("/signup");
    await fillSignup(page, bea);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForURL("**/verify**");
    await look(page);
    await assertSignedOut(page);
    await page.goto("/verify");
    const first = await codeTo(strict, bea.email);
    await page.locator("#code").fill(first);
    await page.getByRole("button", { name: "Confirm" }).click();
    await assertSignedIn(page);

    await page.context().clearCookies();
    await page.goto("/signin");
    await page.locator("a[href^='/signin/email']").click();
    await look(page);
    await page.locator("#email").fill(bea.email);
    await page.locator("form[action='/signin/email'] button").click();
    await page.locator("#code").waitFor();
    await look(page);
    let code = first;
    while (code === first) code = await codeTo(strict, bea.email);
    await page.locator("#code").fill(code);
    await page.locator("form[action='/signin/email/code'] button").click();
    await assertSignedIn(page);
    await visitor.leave();
  });
}
