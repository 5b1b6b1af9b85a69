// A front end of the older contract on an origin of its own: the page that docs/classic.md shows, in a browser that blocks
// the cookies of other sites unless they are partitioned.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { browserFlags, chromium } from "./support/modules.mjs";
import { png } from "./support/png.mjs";
import { startServer } from "./support/server.mjs";
import { newVisitor } from "./support/visitor.mjs";

const guide = readFileSync(new URL("../../docs/classic.md", import.meta.url), "utf8");
const page = guide.match(/^```html\n(.*?)^```$/ms)[1];
const password = "a river of nine lanterns";

/** Serves the page of the guide for the server at `origin()`. */
async function servePage(origin, headers = {}) {
  const server = createServer((request, response) => {
    if (request.url !== "/") return response.writeHead(204).end();
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers });
    response.end(page.replace("http://localhost:8025", origin()));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

let server, browser, front, reticent;
before(async () => {
  [front, reticent] = await Promise.all([servePage(() => server.origin), servePage(() => server.origin, { "Referrer-Policy": "no-referrer" })]);
});
after(() => Promise.all([front.stop(), reticent.stop()]));

/** A small script of a front end, run in the page. */
const call = (tab, method, path, body) => tab.evaluate(async ({ url, method, body }) => {
  const answer = await fetch(url, {
    method, body: body && JSON.stringify(body), credentials: "include", headers: { "Content-Type": "application/json", "X-Requested-With": "me" },
  });
  return { status: answer.status, id: answer.headers.get("Request-Id"), body: await answer.json() };
}, { url: server.origin + path, method, body });

const widthOf = (tab, address) => tab.evaluate((src) => new Promise((resolve) => {
  const image = new Image();
  image.onload = () => resolve(image.naturalWidth);
  image.onerror = () => resolve(0);
  image.src = src;
}), address);

for (const [words, host, cookie] of [
  ["on the same site", "localhost", "SameSite=Lax"],
  ["on another site", "127.0.0.1", "SameSite=None; Partitioned"],
]) {
  describe(words, () => {
    let visitor, tab;
    before(async () => {
      const settings = `[cors]\norigins = ["http://${host}:${front.port}", "http://${host}:${reticent.port}"]\n`;
      [server, browser] = await Promise.all([
        startServer({ settings }),
        chromium.launch({ executablePath: "/usr/bin/chromium", args: [...browserFlags, "--test-third-party-cookie-phaseout"] }),
      ]);
      visitor = await newVisitor(browser, `http://${host}:${front.port}`);
      tab = visitor.page;
    });
    after(async () => {
      await visitor?.leave();
      await browser?.close();
      await server?.stop();
    });

    test(`the page of the guide signs up, in and writes a note, ${words}`, async () => {
      const signedIn = tab.waitForResponse((response) => response.url().endsWith("/authenticate") && response.request().method() === "POST");
      await tab.goto("/");
      await tab.locator("[name=name]").fill("Ada Lovelace");
      await tab.locator("[name=uid]").fill("ada");
      await tab.locator("[name=password]").fill(password);
      await tab.getByRole("button").click();
      await tab.getByText(`Hello from http://${host}:${front.port}`).waitFor();
      const fields = (await (await signedIn).headersArray()).filter(({ name }) => name.toLowerCase() === "set-cookie");
      assert.ok(fields.some(({ value }) => value.startsWith("jwt=") && value.includes(cookie)), JSON.stringify(fields));
    });

    test(`the picture of a note is shown, ${words}`, async () => {
      const { body } = await call(tab, "POST", "/api/notes", { note: "teal", image: png(8, 6, [14, 94, 105]).toString("base64") });
      assert.ok(body.image.startsWith(`${server.origin}/api/notes/`), body.image);
      assert.equal(await widthOf(tab, body.image), 8);
    });

    test(`errors can be read with their request id, ${words}`, async () => {
      const missing = await call(tab, "DELETE", "/api/no/such/thing");
      assert.equal(missing.status, 404);
      assert.match(missing.id, /^req_/);
      assert.equal((await call(tab, "PATCH", "/api/notes", {})).status, 400);
    });

    test(`a page that sends no referrer shows pictures too, ${words}`, async () => {
      const notes = (await call(tab, "GET", "/api/notes")).body;
      const image = notes.find((note) => note.image)?.image;
      await tab.goto(`http://${host}:${reticent.port}/`);
      assert.equal(await widthOf(tab, image), 8);
      await tab.goto("/");
    });

    test(`signing out removes the cookie and ends the token, ${words}`, async () => {
      const { body } = await call(tab, "POST", "/api/users/authenticate", { uid: "ada", password });
      assert.equal((await call(tab, "DELETE", "/api/users/authenticate")).status, 200);
      assert.equal((await call(tab, "GET", "/api/notes")).status, 401);
      const names = (await visitor.context.cookies(server.origin)).map(({ name }) => name);
      assert.ok(!names.includes("jwt"), names.join());
      const copy = await fetch(`${server.origin}/api/notes`, { headers: { Authorization: `Bearer ${body.data.jwt}` } });
      assert.equal(copy.status, 401);
    });
  });
}

test("a developer reads in the log which setting lets a page in", async () => {
  [server, browser] = await Promise.all([startServer(), chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags })]);
  const tab = await browser.newPage();
  await tab.goto(`http://localhost:${front.port}/`);
  for (let i = 0; i < 2; ++i) assert.equal(await call(tab, "GET", "/api/users").catch((error) => /Failed to fetch/.test(error)), true);
  await browser.close();
  await server.stop();
  const lines = server.output().split("\n").filter((line) => line.includes("cors.refused"));
  assert.equal(lines.length, 1, server.output());
  assert.ok(lines[0].includes(`localhost:${front.port}`) && lines[0].includes("cors.origins"), lines[0]);
});
