// Draws every sample page: themes × widths, and right to left, into web/.cache/show. For looking at; fails on sideways scroll, on what axe
// finds and on what the pages' policy forbids.
//   npm run show [-- page …]
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { browserFlags } from "./browser.mjs";

const web = fileURLToPath(new URL("..", import.meta.url));
const pagesDir = join(web, ".cache/pages");
const out = join(web, ".cache/show");
const pageTest = process.env.CARDEA_PAGE_TEST ?? join(web, "../build/dev/page_test");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const types = { css: "text/css", js: "text/javascript", svg: "image/svg+xml", png: "image/png" };
const picture = readFileSync(join(web, "shared/favicon.svg"));

mkdirSync(pagesDir, { recursive: true });
mkdirSync(out, { recursive: true });
execFileSync(pageTest, ["--gtest_filter=*renders_it"], { cwd: join(web, ".."), env: { ...process.env, CARDEA_SHOW: pagesDir } });

const server = createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  response.setHeader("Content-Security-Policy", policy);
  const asset = path.match(/^\/assets\/([\w.-]+\.(css|js|svg|png))$/);
  const page = join(pagesDir, `${path.slice(1)}.html`);
  if (asset) response.setHeader("Content-Type", types[asset[2]]).end(readFileSync(join(web, "dist", asset[1])));
  else if (path.endsWith("/image")) response.setHeader("Content-Type", "image/svg+xml").end(picture);
  else if (existsSync(page)) response.setHeader("Content-Type", "text/html; charset=utf-8").end(readFileSync(page));
  else response.writeHead(404).end();
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

/** As a page of a language that is written from right to left will be. */
async function showRightToLeft(page, name, theme) {
  await page.evaluate(() => Object.assign(document.documentElement, { dir: "rtl", lang: "ar" }));
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wider > 0) problems.push(`${name} ${theme} right to left: ${wider} px too wide`);
  await page.screenshot({ path: join(out, `${name}-rtl-${theme}.png`), fullPage: true });
}

const wanted = process.argv.slice(2);
const names = readdirSync(pagesDir).map((file) => file.replace(".html", "")).filter((name) => !wanted.length || wanted.includes(name));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });
const problems = [];
for (const theme of ["light", "dark"]) {
  for (const [width, height] of [[320, 640], [400, 800], [1280, 800]]) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce" });
    page.on("console", (message) => problems.push(`${page.url()} ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`${page.url()} ${error}`));
    for (const name of names) {
      await page.goto(`${origin}/${name}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wider > 0) problems.push(`${name} ${theme} ${width}: ${wider} px too wide`);
      await page.screenshot({ path: join(out, `${name}-${width}-${theme}.png`), fullPage: true });
      if (width === 400) {
        await showRightToLeft(page, name, theme);
        continue;
      }
      await page.evaluate(axe);
      const { violations } = await page.evaluate("axe.run()");
      for (const { id, nodes } of violations) problems.push(`${name} ${theme} ${width}: ${id} ${nodes.map((node) => node.target).join(" ")}`);
    }
    await page.close();
  }
}
await browser.close();
server.close();
console.log(`${names.length} pages in ${out}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
