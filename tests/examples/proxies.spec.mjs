// The proxies of examples/, as they stand there but for the ports, before an application that shows what it is told.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fillSignup, person, revokeOthers, signIn } from "../e2e/support/people.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { newVisitor, startBrowser } from "../e2e/support/visitor.mjs";
import { freePort, listens } from "./support/ports.mjs";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const proxies = {
  nginx: { has: "cardea.conf", start: (folder) => ["nginx", "-c", join(folder, "nginx.conf"), "-e", "stderr", "-g", `daemon off; master_process off; pid ${folder}/pid;`] },
  caddy: { has: "Caddyfile", start: (folder) => [process.env.CADDY_BIN ?? "caddy", "run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")] },
};

/** The example with other ports, started; gone afterwards. */
async function startProxy(name, ports) {
  const folder = mkdtempSync(join(tmpdir(), "cardea-proxy-"));
  cpSync(join(examples, name), folder, { recursive: true });
  const file = join(folder, proxies[name].has);
  writeFileSync(file, readFileSync(file, "utf8").replace(/\b(8080|8025|9000)\b/g, (port) => ports[port]));
  const [program, ...words] = proxies[name].start(folder);
  const child = spawn(program, words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, HOME: folder, CADDY_ADMIN: `unix/${folder}/admin.sock` } });
  let output = "";
  child.stderr.on("data", (chunk) => { output += chunk; });
  try {
    await listens(ports[8080]);
  } catch (error) {
    throw new Error(`${error.message}:\n${output}`);
  }
  return {
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

for (const name of Object.keys(proxies)) {
  describe(`behind ${name}`, () => {
    let application, server, proxy, browser, app;

    before(async () => {
      const ports = { 8080: await freePort(), 9000: await freePort() };
      app = `http://app.localhost:${ports[8080]}`;
      application = createServer((request, response) => {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ path: request.url, ...request.headers }));
      }).listen(ports[9000], "127.0.0.1");
      server = await startServer({ settings: `[forward_auth]\nhosts = ["${app}"]\n` });
      ports[8025] = new URL(server.origin).port;
      proxy = await startProxy(name, ports);
      browser = await startBrowser();
    });
    after(async () => {
      await browser?.close();
      await proxy?.stop();
      await server?.stop();
      application?.close();
    });

    /** Opens a page of the application as who is signed in at the server. */
    async function open(page, path) {
      await page.goto(`${app}${path}`);
      await page.waitForURL(`${app}${path}`);
    }
    const shown = async (page) => JSON.parse(await page.locator("body").innerText());

    test("a person signs up, is known to the application, and is locked out of it after signing out", async () => {
      for (const javaScript of [true, false]) {
        const uid = `ann-${javaScript}`;
        const visitor = await newVisitor(browser, server.origin, { javaScript });
        const { page } = visitor;
        await page.goto(`${app}/reports?year=2026`);
        assert.equal(new URL(page.url()).pathname, "/signin");
        await page.getByRole("link", { name: "Create an account" }).click();
        await fillSignup(page, person(uid, "Ann Lee"));
        await page.getByRole("button", { name: "Create account" }).click();
        await page.waitForURL(`${app}/reports?year=2026`);
        const seen = await shown(page);
        assert.equal(seen.path, "/reports?year=2026");
        assert.equal(seen["remote-user"], uid);
        assert.equal(seen["remote-name"], "Ann Lee");
        assert.equal(seen["remote-groups"], "user");
        assert.match(seen["x-cardea-assertion"], /^eyJ/);

        await page.goto(`${server.origin}/signout`);
        await page.locator("main").getByRole("button", { name: "Sign out" }).click();
        await page.goto(`${app}/reports`);
        assert.equal(new URL(page.url()).pathname, "/signin");
        await visitor.leave();
      }
    });

    test("what a client says of itself does not reach the application", async () => {
      const visitor = await newVisitor(browser, server.origin);
      const { page } = visitor;
      await page.goto("/signup");
      await fillSignup(page, person("bob", "Bob"));
      await page.getByRole("button", { name: "Create account" }).click();
      await page.waitForURL((url) => url.pathname !== "/signup");
      await open(page, "/");
      const forged = { "remote-user": "root", "remote-name": "Root", "remote-email": "root@example.com", "remote-groups": "owner", "x-cardea-assertion": "x" };
      const seen = await page.evaluate(async (headers) => (await fetch("/api", { headers })).json(), forged);
      assert.equal(seen["remote-user"], "bob");
      assert.equal(seen["remote-name"], "Bob");
      assert.equal(seen["remote-groups"], "user");
      assert.ok(!seen["remote-email"]);
      assert.match(seen["x-cardea-assertion"], /^eyJ/);
      await visitor.leave();
    });

    test("who is not signed in gets 401 where no page can be shown", async () => {
      const { host, port } = new URL(app);
      for (const [method, accept] of [["POST", "text/html"], ["GET", "application/json"]]) {
        const status = await new Promise((resolve, reject) => {
          request({ host: "127.0.0.1", port, path: "/api", method, headers: { Host: host, Accept: accept } }, (answer) => {
            answer.resume();
            resolve(answer.statusCode);
          }).once("error", reject).end();
        });
        assert.equal(status, 401, `${method} ${accept}`);
      }
    });

    test("a session that is revoked elsewhere is out at once", async () => {
      const here = await newVisitor(browser, server.origin);
      await signIn(here.page, "bob");
      await open(here.page, "/");
      assert.equal((await shown(here.page))["remote-user"], "bob");
      const elsewhere = await newVisitor(browser, server.origin);
      await signIn(elsewhere.page, "bob");
      await revokeOthers(elsewhere.page);
      await here.page.goto(`${app}/`);
      assert.equal(new URL(here.page.url()).pathname, "/signin");
      await here.leave();
      await elsewhere.leave();
    });
  });
}
