// The pages in an operator's own name, logo and colour: readable in both themes, within the policy, and a start page elsewhere.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openPasswordForm, person, signIn, signUp } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { assertAccessible, assertNoSidewaysScroll, newVisitor, startBrowser } from "./support/visitor.mjs";

const ada = person("ada", "Ada Lovelace");
const files = mkdtempSync(join(tmpdir(), "cardea-brand-"));
const logo = join(files, "logo.svg");
const settings = `
[branding]
name = "Northwind"
logo = "${logo}"
accent = "#7a1fa2"
`;
let server, browser;
before(async () => {
  writeFileSync(logo, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>rect{fill:#7a1fa2}</style><rect width="32" height="32" rx="8"/></svg>');
  [server, browser] = await Promise.all([startServer({ settings }), startBrowser()]);
  const { page, leave } = await newVisitor(browser, server.origin);
  await signUp(page, ada);
  await leave();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(files, { recursive: true, force: true });
});

for (const theme of ["light", "dark"]) {
  for (const width of [320, 1280]) {
    test(`every page of a brand is accessible and fits ${width} px, ${theme}`, async () => {
      const { page, leave } = await newVisitor(browser, server.origin, { theme, width, height: 640 });
      const look = async (path) => {
        if (path) await page.goto(path);
        await assertNoSidewaysScroll(page);
        await assertAccessible(page);
      };
      for (const path of ["/", "/signin", "/signup", "/no/such/page"]) await look(path);
      await signIn(page, ada.uid);
      for (const path of ["/", "/users", "/account", "/account/delete", "/account/sessions", "/account/notes"]) await look(path);
      await openPasswordForm(page);
      await look();
      await leave();
    });
  }
}

test("the logo, the name and the accent are shown, and the icon and the browser's colours are theirs", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await page.goto("/signin");
  const link = page.getByRole("banner").getByRole("link", { name: "Northwind" });
  assert.ok((await link.locator("img").evaluate((image) => image.naturalWidth)) > 0, "the logo has loaded");
  const color = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.equal(await color(page.getByRole("button", { name: "Continue" })), "rgb(122, 31, 162)");
  assert.match(await page.title(), /Northwind$/);
  const icon = await page.request.get(await page.locator('link[rel="icon"]').getAttribute("href"));
  assert.equal(icon.headers()["content-type"], "image/svg+xml");
  assert.deepEqual(await page.locator("meta[name=theme-color]").evaluateAll((all) => all.map((meta) => meta.content.length)), [7, 7]);
  await leave();
});

test("a logo that is opened by itself runs nothing", async () => {
  const { page, leave } = await newVisitor(browser, server.origin);
  await page.goto("/signin");
  const answer = await page.goto(await page.locator("img.logo").getAttribute("src"));
  assert.equal(answer.headers()["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  await leave();
});

for (const javaScript of [true, false]) {
  test(`a start page elsewhere is reached from outside and after signing out, ${javaScript ? "with scripts" : "without scripts"}`, async () => {
    const home = createServer((request, response) => response.setHeader("Content-Type", "text/html").end("<title>Home</title><link rel=icon href='data:,'><h1>The home of Northwind</h1>"));
    await new Promise((ready) => home.listen(0, "127.0.0.1", ready));
    const address = `http://127.0.0.1:${home.address().port}/welcome`;
    const away = await startServer({ settings: `branding.home_url = "${address}"\n` });
    try {
      const { page, leave } = await newVisitor(browser, away.origin, { javaScript });
      await page.goto("/");
      assert.equal(page.url(), address);
      await signUp(page, ada);
      await page.goto("/signout");
      await page.locator("main").getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL(address);
      await leave();
    } finally {
      await away.stop();
      home.close();
    }
  });
}
