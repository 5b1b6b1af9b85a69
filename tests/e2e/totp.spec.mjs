// Second factors in a browser, with and without scripts: an app is set up, codes are saved, and both let their owner in.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { assertSignedIn, assertSignedOut, fillSignin, password, pathOf, person, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, assertRefused, newVisitor, startBrowser } from "./support/visitor.mjs";

let server, strict, browser;
before(async () => {
  [server, strict, browser] = await Promise.all([
    startServer({ settings: `[signin]\ntrust_browser = "30d"\n` }),
    startServer({ settings: `[signin]\nmfa = "required"\n` }),
    startBrowser(),
  ]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await strict?.stop();
});

function bytesOf(base32) {
  const bits = [...base32].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** What an app shows so many steps from now; a step that was used is used. */
function codeOf(secret, steps = 0) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", bytesOf(secret)).update(message).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

const secretOn = async (page) => (await page.locator("#totp_key").innerText()).replaceAll(" ", "");

async function look({ page, javaScript }) {
  if (!javaScript) return;  // what looks is a script
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
}

/** Waits for the code of the next step, which nobody has used. */
async function untilNextStep() {
  await new Promise((resolve) => setTimeout(resolve, 30_000 - (Date.now() % 30_000) + 200));
}

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without scripts";

  test(`an app is set up, recovery codes are saved, and both let their owner in, ${how}`, { timeout: 180_000 }, async () => {
    const ann = person(`ann-${javaScript}`, "Ann Lee");
    const visitor = await newVisitor(browser, server.origin, { javaScript, width: 320 });
    const { page, context } = visitor;
    await signUp(page, ann);
    await page.goto("/account/security");
    await look(visitor);
    await page.getByRole("link", { name: /authenticator app/ }).click();
    await look(visitor);
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    await look(visitor);
    const secret = await secretOn(page);
    assert.equal(secret.length, 32);
    assert.match(await page.getByRole("link", { name: /Open in the app/ }).getAttribute("href"), new RegExp(`^otpauth://totp/.*secret=${secret}`));
    assert.equal(await page.getByRole("button", { name: "Copy the key" }).isVisible(), javaScript);
    await page.locator("#code").fill("000000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await assertRefused(page, "code", /That code is not right/);
    await page.locator("#code").fill(codeOf(secret));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.waitForURL((url) => url.pathname === "/account/security/recovery-codes");
    await look(visitor);

    await page.getByRole("button", { name: "Make recovery codes" }).click();
    await page.locator("#saved").waitFor();
    await look(visitor);
    const codes = await page.locator(".codes code").allInnerTexts();
    assert.equal(codes.length, 10);
    assert.equal(await page.getByRole("button", { name: "Print" }).isVisible(), javaScript);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download as text" }).click()]);
    assert.equal(download.suggestedFilename(), "recovery-codes.txt");
    assert.equal(readFileSync(await download.path(), "utf8"), codes.map((code) => `${code}\n`).join(""));
    await page.locator("#saved").check();
    await page.getByRole("button", { name: "Done" }).click();
    await page.waitForURL((url) => url.pathname === "/account/security/totp");
    await look(visitor);
    await page.goto("/account/security");
    assert.match(await page.locator("main").innerText(), /10 left/);

    await context.clearCookies();
    await page.goto("/signin?next=/account/sessions");
    await fillSignin(page, ann.uid, password);
    await page.waitForURL((url) => url.pathname === "/signin/verify");
    await look(visitor);
    await page.getByText("Try another way").click();
    await page.getByRole("link", { name: "Recovery code" }).click();
    await look(visitor);
    await page.locator("#code").fill(codes[0].toUpperCase().replaceAll("-", " "));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL((url) => url.pathname === "/account/security/recovery-codes");
    assert.match(await page.locator("main").innerText(), /9 codes are left/);
    await page.getByRole("link", { name: "Go on" }).click();
    assert.equal(pathOf(page), "/account/sessions");

    await untilNextStep();
    await context.clearCookies();
    await page.goto("/signin");
    await fillSignin(page, ann.uid, password);
    await page.locator("#code").fill(codeOf(secret));
    await page.getByLabel("Don't ask again in this browser for 30 days").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL((url) => url.pathname === "/account");
    await page.goto("/signout");
    await page.locator("main").getByRole("button", { name: "Sign out" }).click();
    await assertSignedOut(page);
    await page.goto("/signin");
    await fillSignin(page, ann.uid, password);
    await assertSignedIn(page);

    // It showed the password alone, so the factor is asked for before it is removed.
    await page.goto("/account/security/totp");
    page.on("dialog", (dialog) => dialog.accept());
    await page.getByRole("button", { name: "Remove" }).click();
    await page.waitForURL((url) => url.pathname === "/reauth");
    await look(visitor);
    assert.equal(await page.locator("#password").count(), 0, "it was shown a moment ago");
    await untilNextStep();
    await page.locator("#code").fill(codeOf(secret));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.waitForURL((url) => url.pathname === "/account/security/totp");
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("status").waitFor();
    assert.match(await page.locator("main").innerText(), /Your authenticator app is removed/);
    await visitor.leave();
  });

  test(`where a second factor is required it is set up before anything opens, ${how}`, async () => {
    const bob = person(`bob-${javaScript}`, "Bob Babbage");
    const visitor = await newVisitor(browser, strict.origin, { javaScript });
    const { page } = visitor;
    await signUp(page, bob);
    assert.equal(pathOf(page), "/signin/enrol");
    await look(visitor);
    await page.goto("/account");
    assert.equal(pathOf(page), "/signin", "nothing is open yet");
    await page.goto("/signin/verify");
    assert.equal(pathOf(page), "/signin/enrol", "and what is asked for is not lost");
    await page.getByRole("button", { name: /authenticator app/ }).click();
    await page.waitForURL((url) => url.pathname === "/signin/enrol/totp");
    await look(visitor);
    await page.locator("#code").fill(codeOf(await secretOn(page)));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.waitForURL((url) => url.pathname === "/account/security/recovery-codes");
    await assertSignedIn(page);
    await visitor.leave();
  });
}
