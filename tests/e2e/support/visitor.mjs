// A visitor: one browser profile with one tab, whose every complaint is kept.
import assert from "node:assert/strict";
import { axeSource, browserFlags, chromium } from "./modules.mjs";

export const startBrowser = () => chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });

/** The browser reports a page that answered 4xx as an error of the console; here that is the thing under test. */
const isAnsweredRefusal = (message) => /Failed to load resource: .* status of 4\d\d/.test(message.text()) && !/\/assets\//.test(message.location().url);

export async function newVisitor(browser, origin, { javaScript = true, width = 1280, height = 800, theme = "light", trustsAnyCertificate = false } = {}) {
  const context = await browser.newContext({
    baseURL: origin, javaScriptEnabled: javaScript, viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce",
    ignoreHTTPSErrors: trustsAnyCertificate,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    const violation = /Content Security Policy|Trusted ?Type/i.test(message.text());
    if (violation || (message.type() === "error" && !isAnsweredRefusal(message))) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("requestfailed", (request) => {
    if (!javaScript && request.resourceType() === "script") return;
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  return {
    page, context, javaScript,
    async leave() {
      await context.close();
      assert.deepEqual(complaints, [], "the browser complained");
    },
  };
}

/** Submits past the browser's and our own checks, as a hand-made client would. */
export async function submitUnchecked(page) {
  await Promise.all([
    page.waitForNavigation(),
    page.locator("main form").first().evaluate((form) => HTMLFormElement.prototype.submit.call(form)),
  ]);
}

/** Every rule of WCAG 2.2 A and AA that a machine can judge. */
export async function assertAccessible(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(found, [], `${page.url()} is not accessible`);
}

export async function assertNoSidewaysScroll(page) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wider, 0, `${page.url()} is ${wider} px too wide`);
}

/** The state after a refusal: title, focused summary, the input marked and described, nothing secret kept. */
export async function assertRefused(page, field, text) {
  assert.match(await page.title(), /^Error: /);
  const summary = page.getByRole("alert");
  assert.match(await summary.innerText(), text);
  assert.equal(await summary.evaluate((element) => element === document.activeElement), true, "the summary has the focus");
  for (const secret of await page.locator("input[type=password]").all()) assert.equal(await secret.inputValue(), "");
  if (!field) return;
  await assertMarked(page, field, text);
  await summary.getByRole("link", { name: text }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), field, "the summary leads to the input");
}

export async function assertMarked(page, field, text) {
  const input = page.locator(`#${field}`);
  assert.equal(await input.getAttribute("aria-invalid"), "true");
  assert.match(await page.locator(`#${field}-error`).innerText(), text);
  assert.ok((await input.getAttribute("aria-describedby")).split(" ").includes(`${field}-error`));
}
