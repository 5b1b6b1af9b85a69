// The pages in every language: chosen with and without scripts, right to left, on a phone, and a whole journey in Arabic.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { password, person, pathOf, signIn, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, newVisitor, startBrowser } from "./support/visitor.mjs";

const ada = person("ada", "Ada Lovelace");
const languages = ["de", "fr", "es", "pt-BR", "ja", "zh-CN", "ar"];
const openPages = ["/", "/signin", "/signup", "/language", "/nothing"];
const ownPages = ["/", "/account", "/account/security", "/account/sessions", "/account/delete", "/account/notes", "/users", "/signout"];
let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  const { page, leave } = await newVisitor(browser, server.origin);
  await signUp(page, ada);
  await page.goto("/account/notes");
  await page.locator("#note").fill("A first note");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.locator("article").waitFor();
  await leave();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function choose(page, tag) {
  await page.goto("/language");
  await page.locator(`button[value="${tag}"]`).click();
  await page.waitForURL((url) => url.pathname !== "/language");
}

const language = (page) => page.evaluate(() => document.documentElement.lang);

for (const tag of languages) {
  test(`every page in ${tag} fits a narrow phone and is accessible`, async () => {
    const { page, context, leave } = await newVisitor(browser, server.origin, { width: 320, height: 640 });
    const seen = async (paths) => {
      for (const path of paths) {
        await page.goto(path);
        assert.equal(await language(page), tag, path);
        await assertNoSidewaysScroll(page);
        await assertAccessible(page);
      }
    };
    await signIn(page, ada.uid);
    await choose(page, tag);
    await seen(ownPages);
    await context.clearCookies({ name: /^(?!cardea-language)/ });
    await seen(openPages);
    await leave();
  });
}

for (const javaScript of [true, false]) {
  test(`a language is chosen at the foot of a page and leads back there, ${javaScript ? "with" : "without"} scripts`, async () => {
    const { page, leave } = await newVisitor(browser, server.origin, { javaScript });
    await page.goto("/signin?next=%2Fusers");
    await page.getByRole("contentinfo").getByRole("link", { name: /English/ }).click();
    await page.getByRole("button", { name: "Deutsch" }).click();
    await page.getByRole("heading", { name: "Anmelden" }).waitFor();
    assert.equal(pathOf(page), "/signin");
    await page.locator("#uid").fill(ada.uid);
    await page.locator("#password").fill(password);
    await page.getByRole("button", { name: "Weiter" }).click();
    await page.getByRole("heading", { name: "Personen" }).waitFor();
    assert.equal(pathOf(page), "/users", "where one wanted to go is still known");
    await leave();
  });

  test(`somebody signs up, makes a mistake, writes a note and leaves in Arabic on a phone, ${javaScript ? "with" : "without"} scripts`, async () => {
    const { page, leave } = await newVisitor(browser, server.origin, { javaScript, width: 390, height: 844 });
    const uid = javaScript ? "layla" : "layla2";
    await choose(page, "ar");
    await page.goto("/signup");
    await page.locator("#name").fill("ليلى حداد");
    await page.locator("#uid").fill("ا ب");
    await page.locator("#password").fill(password);
    await page.locator("#password_confirm").fill(password);
    await page.getByRole("button", { name: "إنشاء الحساب" }).click();
    await page.getByRole("alert").filter({ hasText: "هناك مشكلة" }).waitFor();
    assert.match(await page.locator("#uid-error").innerText(), /استخدم الأحرف والأرقام/);
    assert.equal(await page.locator("#name").inputValue(), "ليلى حداد");
    await page.locator("#uid").fill(uid);
    await page.locator("#password").fill(password);
    await page.locator("#password_confirm").fill(password);
    await page.getByRole("button", { name: "إنشاء الحساب" }).click();
    await page.waitForURL("**/account");
    assert.match(await page.locator(".who").innerText(), /ليلى حداد/);
    await page.goto("/account/notes");
    await page.locator("#note").fill("مرحبًا بالعالم");
    await page.getByRole("button", { name: "إضافة ملاحظة" }).click();
    await page.getByRole("status").filter({ hasText: "تم حفظ ملاحظتك." }).waitFor();
    await page.getByRole("button", { name: "تسجيل الخروج" }).click();
    await page.getByRole("status").filter({ hasText: "لقد سجّلت الخروج." }).waitFor();
    await assertNoSidewaysScroll(page);
    await leave();
  });
}

test("text runs from right to left, and what is typed in Latin letters does not", async () => {
  const { page, leave } = await newVisitor(browser, server.origin, { width: 390, height: 844 });
  await choose(page, "ar");
  await page.goto("/signin");
  const direction = (selector) => page.locator(selector).evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction("main"), "rtl");
  assert.equal(await direction("#uid"), "ltr");
  assert.equal(await direction("#password"), "ltr");
  const brand = await page.locator(".brand").boundingBox();
  assert.ok(brand.x > 195, "the brand is where lines begin");
  await leave();
});
