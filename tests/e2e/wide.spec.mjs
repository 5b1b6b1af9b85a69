// One person's long texts must not spoil a page for the others, nor for themselves.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { person, signIn, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, newVisitor, startBrowser } from "./support/visitor.mjs";

const long = { ...person("w".repeat(64), "W".repeat(100)), email: "long@example.com" };
const short = person("ada", "Ada");
let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  for (const who of [long, short]) {
    const { page, leave } = await newVisitor(browser, server.origin);
    await signUp(page, who);
    await page.goto("/account");
    await page.locator("#tracking").fill(who === long ? "t".repeat(1000) : "sleep");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Your changes are saved.").waitFor();
    await page.goto("/account/notes");
    const text = "first line\n" + (who === long ? "n\n".repeat(1000) : "short");
    await page.locator("#note").evaluate((area, value) => { area.value = value; }, text);
    await page.getByRole("button", { name: "Add note" }).click();
    await page.locator("article").waitFor();
    await leave();
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const width of [320, 768, 1280]) {
  test(`the list of people keeps its shape at ${width} px`, async () => {
    const { page, leave } = await newVisitor(browser, server.origin, { width });
    await signIn(page, short.uid);
    await page.goto("/users");
    const table = await page.locator("table").boundingBox();
    assert.ok(table.width <= 1100, `the table is ${table.width} px wide`);
    for (const row of await page.locator("tbody tr").all()) assert.ok((await row.boundingBox()).height <= 120, "a row is tall");
    await assertNoSidewaysScroll(page);
    await assertAccessible(page);
    await leave();
  });

  test(`every page of somebody with long texts fits ${width} px`, async () => {
    const { page, leave } = await newVisitor(browser, server.origin, { width });
    await signIn(page, long.uid);
    for (const path of ["/", "/signup", "/account", "/account/delete", "/account/sessions", "/account/notes"]) {
      await page.goto(path);
      await assertNoSidewaysScroll(page);
    }
    await leave();
  });
}

test("a long note is one of a list, and called by its first line", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await signIn(page, long.uid);
  await page.goto("/account/notes");
  assert.ok((await page.locator("article").boundingBox()).height < 700);
  await page.getByRole("link", { name: "Edit the note: first line", exact: true }).waitFor();
  await page.getByRole("link", { name: /^Read it all/ }).click();
  assert.equal((await page.locator("#note").inputValue()).length, "first line\n".length + 2000);
  await leave();
});

test("the header of a narrow phone is one line", async () => {
  const { page, leave } = await newVisitor(browser, server.origin, { width: 320 });
  await page.goto("/");
  assert.ok((await page.locator(".bar").boundingBox()).height <= 64);
  await signIn(page, short.uid);
  await page.goto("/account/notes");
  assert.ok((await page.locator(".bar").boundingBox()).height <= 64);
  const tab = await page.locator(".side [aria-current]").boundingBox();
  assert.ok(tab.x >= 0 && tab.x + tab.width <= 320, "the current tab is in view");
  await leave();
});
