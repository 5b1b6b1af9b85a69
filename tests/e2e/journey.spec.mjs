// One person's whole way through the pages, with scripts and without.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertSignedIn, assertSignedOut, confirmIfAsked, fillSignin, openPasswordForm, pathOf, person, signIn, signUp } from "./support/people.mjs";
import { png } from "./support/png.mjs";
import { startServer } from "./support/server.mjs";
import { newVisitor, startBrowser } from "./support/visitor.mjs";

const changed = "a wholly different pass phrase";
let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const javaScript of [true, false]) {
  const words = javaScript ? "with scripts" : "without scripts";
  const ada = person(javaScript ? "ada" : "grace", javaScript ? "Ada Lovelace" : "Grace Hopper");

  describe(words, () => {
    let visitor, page;
    before(async () => {
      visitor = await newVisitor(browser, server.origin, { javaScript });
      page = visitor.page;
      page.on("dialog", (dialog) => dialog.accept());
    });
    after(() => visitor?.leave());

    test(`signing up signs in, ${words}`, async () => {
      await page.goto("/");
      await page.getByRole("link", { name: "Create an account" }).first().click();
      assert.equal(pathOf(page), "/signup");
      await signUp(page, ada);
      await assertSignedIn(page);
    });

    test(`the profile can be changed, ${words}`, async () => {
      await page.goto("/account");
      assert.equal(await page.locator("#name").inputValue(), ada.name);
      await page.locator("#name").fill(`${ada.name} Byron`);
      if (await page.locator("#exercise").count()) await page.locator("#exercise").fill("Rowing");
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByRole("status").filter({ hasText: "Your changes are saved." }).waitFor();
      await page.goto("/account");
      assert.equal(await page.locator("#name").inputValue(), `${ada.name} Byron`);
    });

    test(`a note with a picture is kept, changed and deleted, ${words}`, async () => {
      await page.goto("/account/notes");
      await page.getByText("No notes yet").waitFor();
      await page.locator("#note").fill("First line\n<b>second</b> line");
      await page.locator("#image").setInputFiles({ name: "teal.png", mimeType: "image/png", buffer: png(8, 6, [14, 94, 105]) });
      if (javaScript) await page.locator("img.preview").waitFor({ state: "visible" });
      await page.getByRole("button", { name: "Add note" }).click();
      await page.getByText("<b>second</b> line").waitFor();
      const picture = page.getByRole("img", { name: "Picture of the note: First line" });
      await picture.scrollIntoViewIfNeeded();
      const answer = await page.request.get(await picture.getAttribute("src"));
      assert.equal(answer.headers()["content-type"], "image/png");

      await page.getByRole("link", { name: /^Edit the note/ }).click();
      assert.equal(await page.locator("#note").inputValue(), "First line\n<b>second</b> line");
      await page.locator("#note").fill("Changed");
      await page.getByLabel("Remove this picture").check();
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.goto("/account/notes");
      await page.getByText("Changed").waitFor();
      assert.equal(await page.locator("article img").count(), 0);

      await page.getByRole("link", { name: /^Edit the note/ }).click();
      await page.getByRole("button", { name: "Delete note" }).click();
      await page.waitForURL("**/account/notes*");
      assert.equal(await page.locator("article").count(), 0);
    });

    test(`the list of people shows them, ${words}`, async () => {
      await page.goto("/users?sort=-coins");
      const row = page.getByRole("row").filter({ hasText: ada.uid });
      assert.match(await row.innerText(), new RegExp(`${ada.name} Byron`));
    });

    test(`a device that is signed out from another one is out, ${words}`, async () => {
      const other = await newVisitor(browser, server.origin, { javaScript });
      await signIn(other.page, ada.uid);
      await assertSignedIn(other.page);
      await page.goto("/account/sessions");
      assert.equal(await page.locator(".row").count(), 2);
      assert.match(await page.locator(".row").first().innerText(), /This device/);
      await page.getByRole("button", { name: /^Sign out Chrom/ }).click();
      await page.getByText("That device is signed out.").waitFor();
      assert.equal(await page.locator(".row").count(), 1);
      await assertSignedOut(other.page);
      await other.leave();
      await assertSignedIn(page);
    });

    test(`all other devices can be signed out at once, ${words}`, async () => {
      const others = [await newVisitor(browser, server.origin, { javaScript }), await newVisitor(browser, server.origin, { javaScript })];
      for (const other of others) await signIn(other.page, ada.uid);
      await page.goto("/account/sessions");
      await page.getByRole("button", { name: "Sign out all others" }).click();
      await page.getByText("No other device is signed in.").waitFor();
      for (const other of others) {
        await assertSignedOut(other.page);
        await other.leave();
      }
    });

    test(`the password can be changed, ${words}`, async () => {
      await openPasswordForm(page);
      await page.locator("#current_password").fill(ada.password);
      await page.locator("#password").fill(changed);
      await page.locator("#password_confirm").fill(changed);
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("Your password is changed.").waitFor();
      await assertSignedIn(page);
    });

    test(`signing out ends it, and only the new password signs in, ${words}`, async () => {
      await page.goto("/signout");
      await page.locator("main").getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL((url) => url.pathname !== "/signout");
      await assertSignedOut(page);
      await fillSignin(page, ada.uid, ada.password);
      await page.getByRole("alert").filter({ hasText: "don't match" }).waitFor();
      await fillSignin(page, ada.uid, changed);
      await page.waitForURL((url) => url.pathname !== "/signin");
      await assertSignedIn(page);
    });

    test(`sign-in leads back to the page that was asked for, ${words}`, async () => {
      const other = await newVisitor(browser, server.origin, { javaScript });
      await other.page.goto("/account/notes");
      assert.equal(pathOf(other.page), "/signin");
      await fillSignin(other.page, ada.uid, changed);
      await other.page.waitForURL("**/account/notes");
      await other.leave();
    });

    test(`a deleted account is closed, and kept by a button alone, ${words}`, async () => {
      await page.goto("/account/delete");
      await confirmIfAsked(page, changed);
      if (pathOf(page) !== "/account/delete") await page.goto("/account/delete");
      await page.locator("#uid").fill(ada.uid);
      await page.getByRole("button", { name: "Delete account" }).click();
      await page.waitForURL((url) => url.pathname !== "/account/delete");
      await page.getByRole("status").filter({ hasText: "Your account is closed and will be erased." }).waitFor();
      await page.goto("/signin");
      await fillSignin(page, ada.uid, changed);
      await page.waitForURL("**/signin/keep*");
      await page.goto("/account");
      assert.equal(pathOf(page), "/signin");
      await page.goto("/signin/keep");
      await page.getByRole("button", { name: "Keep my account" }).click();
      await page.waitForURL("**/account");
      await page.getByRole("status").filter({ hasText: "Your account is kept." }).waitFor();
    });
  });
}
