// The programs of examples/, each with its real framework, before a real server.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fillSignin, fillSignup, person, revokeOthers, signIn } from "../e2e/support/people.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { newVisitor, startBrowser } from "../e2e/support/visitor.mjs";
import { freePort, listens } from "./support/ports.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How each is installed and started, as its guide says. What is installed stays below build/examples. */
const examples = {
  flask: { install: [venv], start: (port) => [".venv/bin/flask", "run", "--port", port] },
  fastapi: { install: [venv], start: (port) => [".venv/bin/uvicorn", "app:app", "--host", "127.0.0.1", "--port", port] },
  django: { install: [venv], start: (port) => [".venv/bin/python", "app.py", "runserver", "--noreload", `127.0.0.1:${port}`] },
  express: { install: [["npm", "ci", "--no-audit", "--no-fund"]], start: () => ["node", "app.mjs"] },
  nextjs: { install: [["npm", "ci", "--no-audit", "--no-fund"], ["node_modules/.bin/next", "build"]], start: (port) => ["node_modules/.bin/next", "start", "-p", port] },
  "spring-boot": { install: [["mvn", "-q", "-B", "-Dmaven.test.skip", "package"]], start: (port) => ["java", "-jar", "target/app.jar", `--server.port=${port}`] },
  go: { install: [["go", "build", "-o", "app", "."]], start: () => ["./app"] },
};

const quiet = { NEXT_TELEMETRY_DISABLED: "1" };

function run(folder, [program, ...words]) {
  const done = spawnSync(program.includes("/") ? join(folder, program) : program, words, { cwd: folder, encoding: "utf8", env: { ...process.env, ...quiet } });
  assert.equal(done.status, 0, `${program} ${words.join(" ")}:\n${done.stdout}${done.stderr}${done.error ?? ""}`);
}
function venv(folder) {
  if (!existsSync(join(folder, ".venv"))) run(folder, ["python3", "-m", "venv", ".venv"]);
  run(folder, [".venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]);
}

/** The example, installed and started on a port of its own; ended afterwards. */
async function startExample(name, server) {
  const folder = join(root, "build/examples", name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "examples", name), folder, { recursive: true });
  for (const step of examples[name].install) typeof step === "function" ? step(folder) : run(folder, step);
  const port = await freePort();
  const [program, ...words] = examples[name].start(String(port));
  const child = spawn(program.includes("/") ? join(folder, program) : program, words, {
    cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true, env: { ...process.env, CARDEA_URL: server.origin, PORT: String(port), ...quiet },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => { output += chunk; });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    await listens(port);
  } catch (error) {
    throw new Error(`${error.message}:\n${output}`);
  }
  return {
    origin: `http://localhost:${port}`,
    output: () => output,
    async stop() {
      process.kill(-child.pid, "SIGTERM"); // it may have children
      await ended;
    },
  };
}

const pathOf = (page) => new URL(page.url()).pathname;

for (const name of Object.keys(examples)) {
  describe(name, () => {
    let server, app, browser;
    before(async () => {
      server = await startServer();
      app = await startExample(name, server);
      browser = await startBrowser();
    }, { timeout: 300_000 });
    after(async () => {
      await browser?.close();
      await app?.stop();
      await server?.stop();
    });

    test("a person signs up, sees the guarded page, signs out, and is locked out", async () => {
      for (const javaScript of [true, false]) {
        const visitor = await newVisitor(browser, server.origin, { javaScript });
        const { page } = visitor;
        await page.goto(app.origin);
        await page.getByRole("link", { name: "Your notes" }).click();
        await page.waitForURL((url) => url.pathname === "/signin");
        await page.getByRole("link", { name: "Create an account" }).click();
        const uid = javaScript ? "jörn" : "ann";
        await fillSignup(page, person(uid, "Ann Lee"));
        if (javaScript) await page.locator("#email").fill("");
        await page.getByRole("button", { name: "Create account" }).click();
        await page.waitForURL(`${app.origin}/notes`);
        assert.equal(await page.getByRole("heading").innerText(), `Notes of ${uid}`);
        await page.getByRole("link", { name: "Sign out" }).click();
        await page.locator("main").getByRole("button", { name: "Sign out" }).click();
        await page.waitForURL(`${server.origin}/**`);
        await page.goto(`${app.origin}/notes?page=2&q=a%20b`);
        assert.equal(pathOf(page), "/signin");
        await page.locator("#uid").fill(uid);
        await page.locator("#password").fill(person(uid).password);
        await page.getByRole("button", { name: "Continue" }).click();
        await page.waitForURL((url) => url.pathname === "/notes" && url.searchParams.get("q") === "a b"); // Next.js writes it as a+b
        await visitor.leave();
      }
    });

    test("a session that is revoked elsewhere is out at once, and a program gets 401", async () => {
      const here = await newVisitor(browser, server.origin);
      await signIn(here.page, "ann");
      await here.page.goto(`${app.origin}/notes`);
      await here.page.waitForURL(`${app.origin}/notes`);
      const elsewhere = await newVisitor(browser, server.origin);
      await signIn(elsewhere.page, "ann");
      await revokeOthers(elsewhere.page);
      await here.page.goto(`${app.origin}/notes`);
      assert.equal(pathOf(here.page), "/signin");
      assert.equal((await fetch(`${app.origin}/notes`)).status, 401);
      await here.leave();
      await elsewhere.leave();
    });
  });
}

describe("html", () => {
  let server, pages, browser, app;
  before(async () => {
    pages = createServer((request, response) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(readFileSync(join(root, "examples/html/index.html")));
    }).listen(0, "127.0.0.1");
    await once(pages, "listening");
    app = `http://localhost:${pages.address().port}`;
    server = await startServer({ settings: `[cors]\norigins = ["${app}"]\n` });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    pages?.close();
  });

  test("a person signs in on the page, sees who they are, signs out, and is out when the session is revoked", async () => {
    const visitor = await newVisitor(browser, server.origin);
    const { page } = visitor;
    await page.goto(`${app}/?cardea=${server.origin}`);
    await page.getByRole("link", { name: "create an account" }).click();
    await fillSignup(page, person("ann", "Ann Lee"));
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("heading", { name: "Notes of ann" }).waitFor();
    assert.equal(new URL(page.url()).origin, app);
    await page.getByRole("link", { name: "Sign out" }).click();
    await page.locator("main").getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in" }).click();
    await fillSignin(page, "ann", person("ann").password);
    await page.getByRole("heading", { name: "Notes of ann" }).waitFor();
    const elsewhere = await newVisitor(browser, server.origin);
    await signIn(elsewhere.page, "ann");
    await revokeOthers(elsewhere.page);
    await page.reload();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    await elsewhere.leave();
    await visitor.leave();
  });
});

test("the guides show the programs that run here", () => {
  assert.ok(readFileSync(join(root, "docs/guides/traefik.md"), "utf8").includes(readFileSync(join(root, "examples/traefik/dynamic.yml"), "utf8")));
  for (const name of [...Object.keys(examples), "html"]) {
    const [file] = ["app.py", "app.mjs", "main.go", "proxy.js", "src/main/java/example/App.java", "index.html"].filter((each) => existsSync(join(root, "examples", name, each)));
    const guide = readFileSync(join(root, "docs/guides", `${name}.md`), "utf8");
    assert.ok(guide.includes(readFileSync(join(root, "examples", name, file), "utf8")), `docs/guides/${name}.md has another ${file}`);
  }
});
