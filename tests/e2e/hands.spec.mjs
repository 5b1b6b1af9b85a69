// What people do that nobody planned: two tabs, two persons, another name, no cookies, spaces, long names.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fillSignin, openPasswordForm, pathOf, person, signIn, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, newVisitor, startBrowser } from "./support/visitor.mjs";

const ada = person("ada", "Ada Lovelace");
const bob = person("bob", "Bob Babbage");
const longest = person("longest", "Hubertus Blaine Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessen");
let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  for (const who of [ada, bob, longest]) await visit({}, (page) => signUp(page, who));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function visit(options, work) {
  const visitor = await newVisitor(browser, server.origin, options);
  await work(visitor.page, visitor.context);
  await visitor.leave();
}

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
const types = (page) => page.locator(".field input[autocomplete$=password]").evaluateAll((inputs) => inputs.map((input) => input.type));

for (const [path, ids] of [["/signup", ["password", "password_confirm"]], ["/account/security", ["current_password", "password", "password_confirm"]]]) {
  test(`a passphrase with spaces is typed through the fields of ${path} and never shown`, () => visit({}, async (page) => {
    if (path === "/signup") await page.goto(path);
    else {
      await signIn(page, ada.uid);
      await openPasswordForm(page);
    }
    await page.locator(`#${ids[0]}`).focus();
    for (const id of ids) {
      assert.equal(await focused(page), id, "fields come one after the other");
      await page.keyboard.type("four quiet words here");
      await page.keyboard.press("Tab");
    }
    for (const id of ids) assert.equal(await page.locator(`#${id}`).inputValue(), "four quiet words here");
    assert.ok((await types(page)).every((type) => type === "password"));
  }));
}

test("a key that went down in a field does not press the button that it comes up on", () => visit({}, async (page) => {
  await page.goto("/signin");
  await page.locator("#password").fill("secret");
  await page.locator("#password").focus();
  await page.keyboard.down("Space");
  await page.locator(".reveal").focus();
  await page.keyboard.up("Space");
  assert.deepEqual(await types(page), ["password"]);
  await page.keyboard.press("Space");
  assert.deepEqual(await types(page), ["text"], "a key that is pressed on it does");
  await page.keyboard.press("Enter");
  assert.deepEqual(await types(page), ["password"]);
}));

test("Caps Lock is told while a password is typed", () => visit({}, async (page) => {
  await page.goto("/signin");
  const press = (on) => page.locator("#password").evaluate((input, modifierCapsLock) =>
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "A", modifierCapsLock, bubbles: true })), on);
  await press(true);
  assert.equal(await page.getByText("Caps Lock is on.").count(), 1);
  await press(false);
  assert.equal(await page.getByText("Caps Lock is on.").count(), 0);
}));

for (const javaScript of [true, false]) {
  const words = javaScript ? "with scripts" : "without scripts";

  test(`a page of one person, sent after another has signed in, changes nothing, ${words}`, () => visit({ javaScript }, async (page, context) => {
    await signIn(page, ada.uid);
    const notes = await context.newPage();
    await notes.goto("/account/notes");
    await notes.locator("#note").fill("Only for Ada");
    await page.goto("/account");
    await page.locator("#name").fill("Overwritten");
    const other = await context.newPage();
    await other.goto("/signout");
    await other.locator("main").getByRole("button", { name: "Sign out" }).click();
    await signIn(other, bob.uid);
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("heading", { name: "You are now signed in as Bob Babbage" }).waitFor();
    assert.equal(await page.getByLabel("Name").inputValue(), "Overwritten", "what was written is kept");
    if (javaScript) await assertAccessible(page); // what judges it is a script
    await page.getByRole("link", { name: "Open the page again" }).click();
    assert.equal(await page.locator("#name").inputValue(), bob.name);
    await notes.getByRole("button", { name: "Add note" }).click();
    await notes.getByRole("heading", { name: "You are now signed in as Bob Babbage" }).waitFor();
    assert.equal(await notes.getByLabel("Note").inputValue(), "Only for Ada");
    await notes.goto("/account/notes");
    assert.equal(await notes.locator("article").count(), 0);
    assert.equal(await notes.locator("#note").inputValue(), "", "it is not Bob's draft");
  }));

  test(`a sign-in page that was open while somebody signed in says who it is, ${words}`, () => visit({ javaScript }, async (page, context) => {
    await page.goto("/signin");
    const other = await context.newPage();
    await signIn(other, ada.uid);
    await fillSignin(page, bob.uid, bob.password);
    await page.getByRole("heading", { name: "You are now signed in as Ada Lovelace" }).waitFor();
    await other.goto("/account");
    assert.equal(await other.locator("#name").inputValue(), ada.name);
  }));

  test(`a session that ended is told, and sign-in goes on where it was, ${words}`, () => visit({ javaScript }, async (page) => {
    await signIn(page, ada.uid);
    await visit({}, async (elsewhere) => {
      await signIn(elsewhere, ada.uid);
      elsewhere.on("dialog", (dialog) => dialog.accept());
      await elsewhere.goto("/account/sessions");
      await elsewhere.getByRole("button", { name: /^Sign out (all others|Chrom)/ }).last().click();
      await elsewhere.getByRole("status").waitFor();
    });
    await page.goto("/account/security");
    assert.equal(pathOf(page), "/signin");
    await page.getByRole("status").filter({ hasText: "Your session has ended." }).waitFor();
    await fillSignin(page, ada.uid, ada.password);
    await page.waitForURL("**/account/security");
  }));
}

test("a page under another name leads to the right one, where its form works", () => visit({}, async (page) => {
  const { port } = new URL(server.origin);
  await page.goto(`http://cardea.localhost:${port}/signin?next=/account/security`);
  assert.equal(page.url(), `${server.origin}/signin?next=/account/security`);
  await fillSignin(page, ada.uid, ada.password);
  await page.waitForURL("**/account/security");
  const answer = await page.request.post(`http://127.0.0.1:${port}/signin`, {
    form: { uid: "ada" }, headers: { Host: `cardea.localhost:${port}`, Origin: `http://cardea.localhost:${port}` } });
  assert.equal(answer.status(), 403);
  const text = await answer.text();
  assert.match(text, /This site has another address/);
  assert.ok(text.includes(`href="${server.origin}/signin"`), text);
  assert.equal(server.output().split("url.another_name").length, 2, "the log says it once");
}));

test("a browser that blocks cookies is told so, before and after", () => visit({}, async (page, context) => {
  // A headless Chromium has no switch for it: the page is told what such a browser tells it, and no cookie is sent.
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "cookieEnabled", { get: () => false }));
  for (let tries = 0; tries < 2; tries++) {
    await page.goto("/signin");
    await page.getByText("Your browser keeps no cookies for this site").waitFor();
    await context.clearCookies();
    await fillSignin(page, ada.uid, ada.password);
    await page.getByRole("heading", { name: "Your browser keeps no cookies for this site" }).waitFor();
    await page.getByRole("link", { name: "Try again" }).click();
    assert.equal(pathOf(page), "/signin");
  }
}));

for (const javaScript of [true, false]) {
  test(`an address with letters of all languages can be typed, ${javaScript ? "with scripts" : "without scripts"}`, () => visit({ javaScript }, async (page) => {
    const who = { ...person(javaScript ? "joern" : "joern2", "Jörn"), email: javaScript ? "jörn@example.org" : "jörn@exämple.org" };
    await signUp(page, who);
    await page.goto("/account");
    assert.match(await page.locator("#email").inputValue(), /^jörn@/);
    await page.locator("#email").fill("no address");
    if (!javaScript) return;
    await page.getByRole("button", { name: "Save changes" }).click();
    assert.match(await page.locator("#email-error").innerText(), /name@example\.com/);
  }));
}

test("sign-up asks for little, and last for what need not be answered", () => visit({}, async (page) => {
  await page.goto("/signup");
  assert.deepEqual((await page.locator("main label").allTextContents()).map((text) => text.trim()), ["Name", "User id", "Password", "Password again", "E-mail optional"]);
}));

for (const width of [320, 1280]) {
  test(`a long name is shortened, whole in its title and broken nowhere, at ${width} px`, () => visit({ width }, async (page) => {
    await signIn(page, longest.uid);
    for (const path of ["/", "/users", "/account", "/signup"]) {
      await page.goto(path);
      await assertNoSidewaysScroll(page);
      const shown = page.getByTitle(longest.name);
      assert.ok((await shown.count()) > 0, `${path} has the whole name`);
      for (const each of await shown.all()) {
        const lines = await each.evaluate((element) => element.getBoundingClientRect().height / parseFloat(getComputedStyle(element).lineHeight));
        assert.ok(lines < 2, `${path}: ${lines} lines`);
      }
    }
    await page.goto("/");
    assert.ok((await page.locator(".bar").boundingBox()).height <= 65, "one line and its border");
  }));
}

test("the header names who is signed in, and the page has its colours and icons", () => visit({}, async (page) => {
  await signIn(page, ada.uid);
  await page.goto("/");
  await page.getByRole("banner").getByRole("link", { name: "Account: Ada Lovelace" }).click();
  assert.equal(pathOf(page), "/account");
  for (const rel of ["icon", "apple-touch-icon"]) {
    const answer = await page.request.get(await page.locator(`link[rel="${rel}"]`).getAttribute("href"));
    assert.match(answer.headers()["content-type"], /^image\//);
  }
  assert.equal(await page.locator("meta[name=theme-color]").count(), 2);
  await page.getByRole("button", { name: "Dark theme" }).click();
  await page.reload();
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const color = await page.locator("meta[name=theme-color]").getAttribute("content");
  assert.equal(ground, await page.evaluate((text) => { document.body.style.color = text; return getComputedStyle(document.body).color; }, color));
}));

test("a notice has the focus, so that it is read out", () => visit({}, async (page) => {
  await signIn(page, ada.uid);
  await page.goto("/account");
  await page.getByRole("button", { name: "Save changes" }).click();
  const notice = page.getByRole("status").filter({ hasText: "Your changes are saved." });
  await notice.waitFor();
  assert.equal(await notice.evaluate((element) => element === document.activeElement), true);
}));
