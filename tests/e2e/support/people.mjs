// What people do on the pages, in words that the specs share.
import assert from "node:assert/strict";

export const password = "seven quiet harbour lamps";

export const person = (uid, name) => ({ uid, name, email: `${uid}@example.com`, password });

export const pathOf = (page) => new URL(page.url()).pathname;

export async function fillSignup(page, { uid, name, email, password: secret }, again = secret) {
  await page.locator("#name").fill(name);
  await page.locator("#uid").fill(uid);
  if (await page.locator("#email").count()) await page.locator("#email").fill(email);
  await page.locator("#password").fill(secret);
  await page.locator("#password_confirm").fill(again);
  if (await page.locator("#dob").count()) await page.locator("#dob").fill("1990-12-10");
}

export async function signUp(page, who) {
  await page.goto("/signup");
  await fillSignup(page, who);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL((url) => url.pathname !== "/signup");
}

export async function fillSignin(page, identifier, secret) {
  await page.locator("#uid").fill(identifier);
  await page.locator("#password").fill(secret);
  await page.getByRole("button", { name: "Continue" }).click();
}

export async function signIn(page, identifier, secret = password) {
  await page.goto("/signin");
  await fillSignin(page, identifier, secret);
  await page.waitForURL((url) => url.pathname !== "/signin");
}

/** Signed in is who is shown the account and not the sign-in page. */
export async function assertSignedIn(page) {
  await page.goto("/account");
  assert.equal(pathOf(page), "/account");
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Profile");
}

export async function assertSignedOut(page) {
  await page.goto("/account");
  assert.equal(pathOf(page), "/signin");
}

/** The password's row of /account/security opens into its form; after a refusal it is open. */
export async function openPasswordForm(page) {
  await page.goto("/account/security");
  await page.locator("summary").click();
}

/** Some changes ask for the password again first. */
export async function confirmIfAsked(page, secret = password) {
  if (pathOf(page) !== "/reauth") return;
  await page.locator("#password").fill(secret);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForURL((url) => url.pathname !== "/reauth");
}

/** Ends every other session of who is signed in on the page. */
export async function revokeOthers(page) {
  const status = await page.evaluate(async () =>
    (await fetch("/v1/me/sessions/revoke-others", { method: "POST", headers: { "Content-Type": "application/json" } })).status);
  assert.ok(status < 300, `revoked: ${status}`);
}
