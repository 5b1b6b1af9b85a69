// An address is confirmed, changed and takes its owner back in, with letters read from the mailbox of `cardea dev`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readLetter } from "./support/letters.mjs";
import { fillSignin, fillSignup, pathOf, person } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, newVisitor, startBrowser } from "./support/visitor.mjs";

let server, browser;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const letter = (address, which) => readLetter(browser, server.origin, address, which);

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without scripts";

  test(`signing up, the code, and back in after the password is forgotten, ${how}`, async () => {
    const ann = person(`ann${javaScript ? "js" : "no"}`, "Ann Lee");
    const visitor = await newVisitor(browser, server.origin, { javaScript, width: 390 });
    const { page } = visitor;
    await page.goto("/signup");
    await fillSignup(page, ann);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForURL("**/verify");
    if (javaScript) await assertAccessible(page);
    await assertNoSidewaysScroll(page);
    await page.locator("#code").fill("000000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("alert").waitFor();
    await page.locator("#code").fill((await letter(ann.email)).code);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.waitForURL("**/account");
    assert.match(await page.getByRole("status").innerText(), /is confirmed/);

    await page.context().clearCookies();
    await page.goto("/signin");
    await page.getByRole("link", { name: /forgot/i }).click();
    await page.locator("#uid").fill(ann.email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByRole("heading", { name: "Check your e-mail" }).waitFor();
    if (javaScript) await assertAccessible(page);
    await page.goto((await letter(ann.email, { subject: "Choose a new password", path: "/password-reset" })).link);
    await page.locator("#password").fill("nine lanterns on a river");
    await page.locator("#password_confirm").fill("nine lanterns on a river");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.waitForURL("**/signin");
    await fillSignin(page, ann.email, "nine lanterns on a river");
    await page.waitForURL((url) => url.pathname !== "/signin");
    await letter(ann.email, { subject: "Your password was changed" });
    await visitor.leave();
  });
}

test("the page that waits goes on when the link is opened on a phone, which asks for the password", async () => {
  const bob = person("bob", "Bob");
  const desk = await newVisitor(browser, server.origin);
  await desk.page.goto("/signup");
  await fillSignup(desk.page, bob);
  await desk.page.getByRole("button", { name: "Create account" }).click();
  await desk.page.waitForURL("**/verify");
  const phone = await newVisitor(browser, server.origin, { width: 390 });
  await phone.page.goto((await letter(bob.email, { path: "/verify/link" })).link);
  await assertAccessible(phone.page);
  await assertNoSidewaysScroll(phone.page);
  await phone.page.locator("#password").fill(bob.password);
  await phone.page.getByRole("button", { name: "Confirm the address" }).click();
  await phone.page.getByRole("heading", { name: "Address confirmed" }).waitFor();
  await desk.page.waitForURL("**/account");
  await phone.leave();
  await desk.leave();
});

test("the mailbox shows what comes by itself", async () => {
  const reader = await newVisitor(browser, server.origin);
  await reader.page.goto("/mail");
  await assertAccessible(reader.page);
  const cyd = person("cyd", "Cyd");
  const visitor = await newVisitor(browser, server.origin, { javaScript: false });
  await visitor.page.goto("/signup");
  await fillSignup(visitor.page, cyd);
  await visitor.page.getByRole("button", { name: "Create account" }).click();
  await reader.page.locator(".mailbox a").filter({ hasText: cyd.email }).first().waitFor();
  await visitor.leave();
  await reader.leave();
});
