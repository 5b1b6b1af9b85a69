// Every page in both themes: accessible, never wider than a narrow phone, usable by keyboard, remembering the theme.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertSignedIn, openPasswordForm, password, person, signIn, signUp } from "./support/people.mjs";
import { png } from "./support/png.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, newVisitor, startBrowser } from "./support/visitor.mjs";

const ada = person("ada", "Ada Lovelace");
const publicPages = ["/", "/signin", "/signup", "/no/such/page", "/docs/errors", "/docs/errors/classic.not_processed"];
const ownPages = ["/", "/users", "/account", "/account/security", "/account/delete", "/account/sessions", "/account/notes", "/signout", "/reauth"];
let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  const { page, leave } = await newVisitor(browser, server.origin);
  await signUp(page, ada);
  await page.goto("/account/notes");
  await page.locator("#note").fill("Averyveryveryveryveryveryveryveryveryveryverylongwordwithoutanyspaceinit");
  await page.locator("#image").setInputFiles({ name: "wide.png", mimeType: "image/png", buffer: png(1200, 40, [14, 94, 105]) });
  await page.getByRole("button", { name: "Add note" }).click();
  await page.locator("article").waitFor();
  await leave();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function lookAt(page, paths) {
  for (const path of paths) {
    await page.goto(path);
    await assertNoSidewaysScroll(page);
    await assertAccessible(page);
  }
}

for (const theme of ["light", "dark"]) {
  for (const width of [320, 1280]) {
    test(`every page is accessible and fits ${width} px, ${theme}`, async () => {
      const { page, leave } = await newVisitor(browser, server.origin, { theme, width, height: 640 });
      await lookAt(page, publicPages);
      await signIn(page, ada.uid);
      await lookAt(page, ownPages);
      await page.goto("/account/notes");
      await page.getByRole("link", { name: /^Edit the note/ }).click();
      await assertNoSidewaysScroll(page);
      await assertAccessible(page);
      await openPasswordForm(page);
      await assertNoSidewaysScroll(page);
      await assertAccessible(page);
      await leave();
    });
  }
}

async function tabTo(page, id) {
  for (let presses = 0; presses < 30; presses++) {
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`#${id} cannot be reached by Tab`);
}

test("signing up needs no mouse", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await page.goto("/signup");
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /Skip to content/);
  for (const [id, text] of [["name", "Kay Keyboard"], ["uid", "kay"], ["password", password], ["password_confirm", password]]) {
    await tabTo(page, id);
    await page.keyboard.type(text);
  }
  if (await page.locator("#dob").count()) {
    await tabTo(page, "dob");
    await page.keyboard.type("12101990");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/signup");
  await assertSignedIn(page);
  await leave();
});

// ASVS 6.2.6
test("a password can be shown, and is hidden again when sent", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await page.goto("/signin");
  const show = page.getByRole("button", { name: "Show password" });
  await page.locator("#password").fill("secret");
  await show.click();
  assert.equal(await page.locator("#password").getAttribute("type"), "text");
  const hide = page.getByRole("button", { name: "Hide password" });
  assert.equal(await hide.innerText(), "Hide password");
  await hide.click();
  assert.equal(await page.locator("#password").getAttribute("type"), "password");
  await show.click();
  const whenSent = await page.evaluate(() => {
    const input = document.querySelector("#password");
    input.form.addEventListener("submit", (event) => event.preventDefault());
    document.querySelector("#uid").value = "ada";
    input.form.requestSubmit();
    return input.type;
  });
  assert.equal(whenSent, "password");
  await leave();
});

test("one button shows both new passwords", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await page.goto("/signup");
  await page.getByRole("button", { name: "Show password" }).click();
  for (const id of ["password", "password_confirm"]) assert.equal(await page.locator(`#${id}`).getAttribute("type"), "text");
  await page.getByRole("button", { name: "Hide password" }).click();
  for (const id of ["password", "password_confirm"]) assert.equal(await page.locator(`#${id}`).getAttribute("type"), "password");
  await leave();
});

test("the length of a new password is counted in words", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await page.goto("/signup");
  const hint = page.locator("#password-hint");
  const least = Number(await page.locator("#password").getAttribute("minlength"));
  await page.locator("#password").fill("abcd");
  assert.match(await hint.innerText(), new RegExp(`^${least - 4} more`));
  await page.locator("#password").fill("x".repeat(least));
  assert.match(await hint.innerText(), /Long enough/);
  await leave();
});

test("the chosen theme stays, and comes with the page itself", async () => {
  const { page, context, leave } = await newVisitor(browser, server.origin);
  await page.goto("/signin");
  const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole("button", { name: "Dark theme" }).click();
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.notEqual(dark, light);
  await page.goto("/signup");
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), dark);
  const plain = await context.request.get("/signup");
  assert.match(await plain.text(), /<html lang="en" data-theme="dark">/);
  await page.getByRole("button", { name: "Light theme" }).click();
  assert.match(await (await context.request.get("/signup")).text(), /<html lang="en">/, "the system's theme is followed again");
  await leave();
});

test("a page is complete in one window of the network", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  const addresses = [];
  page.on("response", (response) => {
    if (response.request().resourceType() !== "fetch") addresses.push(new URL(response.url()).pathname);  // scripts come later
  });
  await page.goto("/signin", { waitUntil: "networkidle" });
  assert.equal(addresses.filter((path) => path.startsWith("/assets/")).length, addresses.length - 1, addresses.join(" "));
  assert.ok(addresses.length <= 4, addresses.join(" "));
  await leave();
});
