// Passkeys in a real browser, with its virtual authenticators: made, used by a button and from suggestions, refused.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertSignedIn, fillSignin, pathOf, person, signIn, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, newVisitor, startBrowser } from "./support/visitor.mjs";

const list = "/account/security/passkeys";
const phone = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
const usbKey = { protocol: "ctap2", transport: "usb", hasResidentKey: false, hasUserVerification: false, automaticPresenceSimulation: true };

let server, browser, origin;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  origin = server.origin.replace("127.0.0.1", "localhost");  // no browser has passkeys for an address of numbers
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A visitor whose device has this authenticator; `authenticator(command, more)` changes it. */
async function visit(device, work, options = {}) {
  const visitor = await newVisitor(browser, origin, options);
  const { page, context } = visitor;
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options: device });
  const authenticator = (command, more = {}) => cdp.send(`WebAuthn.${command}`, { authenticatorId, ...more });
  await work({ page, context, authenticator, present: (enabled) => authenticator("setAutomaticPresenceSimulation", { enabled }) });
  await visitor.leave();
}

async function addPasskey(page, name = "Create a passkey") {
  await page.goto(list);
  const rows = page.locator("details.opens");
  const before = await rows.count();
  await page.getByRole("button", { name }).click();
  await rows.nth(before).waitFor();
}

const withPasskey = (uid, work) => visit(phone, async (visitor) => {
  await signUp(visitor.page, person(uid, uid));
  await addPasskey(visitor.page);
  await work(visitor);
});

/** A browser without suggestions, in which a virtual authenticator answers nothing before the button is pressed. */
const suggestNothing = (page) => page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });

const button = (page) => page.getByRole("button", { name: "Sign in with a passkey" });
const status = (page) => page.locator("[data-passkey-signin] [role=status]");

test("is made on its page, which is accessible", () => withPasskey("ada", async ({ page, authenticator }) => {
  assert.equal((await authenticator("getCredentials")).credentials.length, 1);
  assert.match(await page.locator("details.opens").innerText(), /Passkey.*never used/s);
  await assertAccessible(page);
  await page.locator("summary").click();
  await assertAccessible(page);
  await page.getByRole("textbox", { name: "Name" }).fill("My laptop");
  await page.getByRole("button", { name: /^Rename/ }).click();
  await page.getByText("The new name is saved.").waitFor();
  assert.match(await page.locator("details.opens").innerText(), /My laptop/);
}));

test("is suggested while the user id is typed, and signs in", () => withPasskey("bea", async ({ page, context }) => {
  await context.clearCookies();
  await page.goto("/signin");
  await page.waitForURL((url) => url.pathname === "/account");
  await assertSignedIn(page);
}));

test("signs in by its button, which leads where one was going", () => withPasskey("cleo", async ({ page, context }) => {
  await context.clearCookies();
  await suggestNothing(page);
  await page.goto("/signin?next=/account/sessions");
  await button(page).click();
  await page.waitForURL((url) => url.pathname === "/account/sessions");
}));

test("asked for by its button is no longer asked for by the suggestions", () => withPasskey("cora", async ({ page, context }) => {
  await context.clearCookies();
  const asked = [];
  await page.exposeFunction("note", (call) => asked.push(call));
  await page.addInitScript(() => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    let suggestions;
    navigator.credentials.get = (options) => {
      window.note({ mediation: options.mediation ?? "modal", aborted: suggestions?.aborted });
      if (options.mediation !== "conditional") return get(options);
      suggestions = options.signal;
      return new Promise((_, fail) => suggestions.addEventListener("abort", () => fail(suggestions.reason)));
    };
  });
  await page.goto("/signin");
  while (asked.length === 0) await page.waitForTimeout(50);
  await button(page).click();
  await page.waitForURL((url) => url.pathname === "/account");
  assert.deepEqual(asked, [{ mediation: "conditional", aborted: undefined }, { mediation: "modal", aborted: true }]);
}));

test("does not sign in whom the authenticator did not verify", () => withPasskey("dora", async ({ page, context, authenticator }) => {
  await context.clearCookies();
  await suggestNothing(page);
  await authenticator("setUserVerified", { isUserVerified: false });
  await page.goto("/signin");
  await assertAccessible(page);
  await button(page).click();
  await status(page).waitFor();
  assert.match(await status(page).innerText(), /No passkey was used/);
  assert.equal(pathOf(page), "/signin");
}));

test("is made once for a device", () => withPasskey("emmy", async ({ page }) => {
  await page.getByRole("button", { name: "Create a passkey" }).click();
  const said = page.locator("[data-passkey-add] [role=status]");
  await said.waitFor();
  assert.match(await said.innerText(), /already has a passkey/);
  assert.equal(await page.locator("details.opens").count(), 1);
}));

test("that was removed says so", () => withPasskey("fay", async ({ page, context }) => {
  await page.goto("/account");
  const removed = await page.evaluate(async () => {
    const { data } = await (await fetch("/v1/me/passkeys")).json();
    return (await fetch(`/v1/me/passkeys/${data[0].id}`, { method: "DELETE" })).status;
  });
  assert.equal(removed, 204);
  await context.clearCookies();
  await suggestNothing(page);
  await page.goto("/signin");
  await button(page).click();
  await status(page).waitFor();
  assert.match(await status(page).innerText(), /no longer works here/);
}));

test("is removed on its page after a question", () => withPasskey("gil", async ({ page }) => {
  page.once("dialog", (dialog) => dialog.accept());
  await page.locator("summary").click();
  await page.getByRole("button", { name: /^Remove/ }).click();
  await page.getByText("The passkey is removed.").waitFor();
  assert.equal(await page.locator("details.opens").count(), 0);
}));

test("security key is the second step, by USB", () => visit(usbKey, async ({ page, context }) => {
  await signUp(page, person("hedy", "Hedy"));
  await addPasskey(page, "Add a security key");
  await context.clearCookies();
  await page.goto("/signin");
  await fillSignin(page, "hedy", "seven quiet harbour lamps");
  await page.waitForURL((url) => url.pathname === "/signin/verify");
  await assertAccessible(page);
  await page.getByRole("button", { name: "Use your security key" }).click();
  await page.waitForURL((url) => url.pathname === "/account");
}));

test("stands in for a password that is taken away, and is shown again where a fresh proof is asked for", () => withPasskey("hal", async ({ page, context }) => {
  await page.goto("/account/security");
  await page.getByText("Change password").first().click();
  await page.getByRole("button", { name: "Remove password" }).click();
  await page.getByText("Your password is removed.").waitFor();
  await assertAccessible(page);
  await page.goto("/reauth?next=/account/security");
  await assertAccessible(page);
  assert.equal(await page.locator("input[type=password]").count(), 0);
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.waitForURL((url) => url.pathname === "/account/security");
  await context.clearCookies();
  await page.goto("/signin");
  await page.waitForURL((url) => url.pathname === "/account");
  await page.goto("/account/security");
  await page.getByText("Set a password").first().click();
  await page.getByLabel("New password").fill("seven quiet harbour lamps");
  await page.getByLabel("The same again").or(page.locator("#password_confirm")).first().fill("seven quiet harbour lamps");
  await page.getByRole("button", { name: "Set a password" }).click();
  await page.getByText("Your password is changed.").waitFor();
}));

test("says beside the button at /reauth that it was not used", () => withPasskey("ian", async ({ page, authenticator }) => {
  await page.goto("/reauth?next=/account/security");
  await authenticator("clearCredentials");
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await page.getByText("No passkey was used. Try again.").waitFor();
}));

test("security key that was added is asked for before the next change", () => visit(usbKey, async ({ page }) => {
  await signUp(page, person("jo", "Jo"));
  await addPasskey(page, "Add a security key");
  await page.goto("/reauth?next=/account/security");
  await assertAccessible(page);
  assert.equal(await page.locator("#code").isVisible(), false);
  await page.getByRole("button", { name: "Use your security key" }).click();
  await page.waitForURL((url) => url.pathname === "/account/security");
}));

test("is offered after a sign-in by password, and declined for a while", () => visit(phone, async ({ page, context, present }) => {
  await signUp(page, person("ines", "Ines"));
  await context.clearCookies();
  await present(false);
  await signIn(page, "ines");
  assert.equal(pathOf(page), "/passkey/new");
  await assertAccessible(page);
  await page.getByRole("button", { name: "Not now" }).click();
  await page.waitForURL((url) => url.pathname === "/account");
  await page.goto("/signout");
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, "ines");
  assert.equal(pathOf(page), "/account");
}));

test("needs scripts, and nothing else does", async () => {
  const visitor = await newVisitor(browser, origin, { javaScript: false });
  await visitor.page.goto("/signin");
  assert.equal(await button(visitor.page).isVisible(), false);
  await signUp(visitor.page, person("joan", "Joan"));
  await visitor.page.goto(list);
  assert.equal(await visitor.page.getByRole("button", { name: "Create a passkey" }).isVisible(), false);
  await visitor.page.getByText("Passkeys need JavaScript").waitFor();
  await visitor.leave();
});
