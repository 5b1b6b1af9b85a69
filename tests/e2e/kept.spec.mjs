// Nothing that somebody wrote is lost because a session ended. (That a change of address keeps the other changes is
// tested in tests/api/account_page_test.cpp, where the clock can be moved.)
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fillSignin, person, signIn, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { newVisitor, startBrowser } from "./support/visitor.mjs";

const ada = person("ada", "Ada Lovelace");
const bob = person("bob", "Bob Babbage");
let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  for (const who of [ada, bob]) {
    const { page, leave } = await newVisitor(browser, server.origin);
    await signUp(page, who);
    await leave();
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** As when it ran out, or another device ended it. */
const endSession = (context) => context.clearCookies({ name: "__Host-cardea" });

test("a note that was being written is there again after signing in", async () => {
  const { page, context, leave } = await newVisitor(browser, server.origin);
  await signIn(page, ada.uid);
  await page.goto("/account/notes");
  await page.locator("#note").fill("A long thought");
  await endSession(context);
  await page.getByRole("button", { name: "Add note" }).click();
  await page.waitForURL("**/signin*");
  await fillSignin(page, ada.uid, ada.password);
  await page.waitForURL("**/account/notes");
  assert.equal(await page.locator("#note").inputValue(), "A long thought");
  await page.getByText("It is not saved yet.").waitFor();
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByText("Your note is saved.").waitFor();
  assert.equal(await page.locator("#note").inputValue(), "");
  await page.reload();
  assert.equal(await page.locator("#note").inputValue(), "");
  await leave();
});

test("a draft is not shown to the next person in the tab", async () => {
  const { page, context, leave } = await newVisitor(browser, server.origin);
  await signIn(page, ada.uid);
  await page.goto("/account/notes");
  await page.locator("#note").fill("Between us");
  await endSession(context);
  await signIn(page, bob.uid);
  await page.goto("/account/notes");
  assert.equal(await page.locator("#note").inputValue(), "");
  await leave();
});

test("signing out drops what was being written", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await signIn(page, ada.uid);
  await page.goto("/account/notes");
  await page.locator("#note").fill("Between us");
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  assert.equal(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:")).length), 0);
  await leave();
});

for (const javaScript of [true, false]) {
  const words = javaScript ? "with scripts" : "without scripts";
  const who = javaScript ? ada : bob;

  test(`a session that ended leads back to a page, not to an error, ${words}`, async () => {
    const { page, context, leave } = await newVisitor(browser, server.origin, { javaScript });
    page.on("dialog", (dialog) => dialog.accept());
    const other = await newVisitor(browser, server.origin, { javaScript });
    await signIn(other.page, who.uid);
    await signIn(page, who.uid);
    await page.goto("/account/sessions");
    await endSession(context);
    await page.getByRole("button", { name: "Sign out all others" }).click();
    await page.waitForURL("**/signin*");
    await fillSignin(page, who.uid, who.password);
    await page.waitForURL("**/account/sessions");
    await page.getByRole("heading", { level: 1, name: "Sessions" }).waitFor();
    await other.leave();
    await leave();
  });
}
