// What `cardea proxy` prints and `cardea init` writes, with the proxies themselves before a production server.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fillSignup, password, person } from "../e2e/support/people.mjs";
import { newVisitor, startBrowser } from "../e2e/support/visitor.mjs";
import { freePort } from "./support/ports.mjs";
import { cardea, listensAt, makeCertificate, newFolder, program, proxies, start } from "./support/production.mjs";

const client = "127.0.0.2"; // whose address is another than the proxy's

/** One request through the proxy, from the client's own address. */
function ask(url, { method = "GET", headers = {}, body } = {}) {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1", port, path: pathname + search, method, servername: hostname, rejectUnauthorized: false, localAddress: client,
      headers: { Host: `${hostname}:${port}`, ...(body && { "Content-Type": "application/json" }), ...headers },
    }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => { text += chunk; });
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

const forged = {
  "X-Forwarded-For": "203.0.113.9", Forwarded: "for=203.0.113.9;proto=https", "X-Forwarded-Proto": "https", "X-Real-IP": "203.0.113.9",
  "Remote-User": "root", "Remote-Groups": "owner",
};
const signUp = (origin, uid, headers = {}) => ask(`${origin}/v1/signup`, {
  method: "POST", headers, body: JSON.stringify({ name: "Ann Lee", uid, password }),
});

for (const name of Object.keys(proxies)) {
  for (const kind of ["tcp", "unix"]) {
    describe(`${name}, as cardea proxy prints it, before a server at ${kind}`, () => {
      let place, server, proxy, origin, config;

      before(async () => {
        place = newFolder();
        const { folder } = place;
        const { certificate, key, both } = makeCertificate(folder);
        origin = `https://auth.localhost:${await freePort()}`;
        const listen = kind === "tcp" ? `127.0.0.1:${await freePort()}` : `unix:${folder}/cardea.sock`;
        const trusted = kind === "tcp" ? "127.0.0.1/32" : "unix:";
        writeFileSync(join(folder, "secret"), cardea(["secret", "generate"]), { mode: 0o600 });
        config = join(folder, "cardea.toml");
        writeFileSync(config, `url = "${origin}"\ndatabase = "sqlite:${folder}/cardea.db"\nsecret_file = "${folder}/secret"\n` +
          `[server]\nlisten = "${listen}"\ntrusted_proxies = ["${trusted}"]\n`);
        server = await start([program, "serve", "--create", "--config", config], { folder, isThere: () => listensAt(listen) });
        const file = join(folder, proxies[name].file);
        writeFileSync(file, cardea(["proxy", name, "--config", config, "--certificate", name === "haproxy" ? both : certificate, "--key", key]));
        proxy = await start(proxies[name].command(folder, file), { folder, isThere: () => listensAt(`127.0.0.1:${new URL(origin).port}`) });
      });
      after(async () => {
        await proxy?.stop();
        await server?.stop();
        place.remove();
      });

      const auditOf = (kindOfEvent) => cardea(["audit", "list", "--kind", kindOfEvent, "--json", "--config", config])
        .trim().split("\n").map((line) => JSON.parse(line));

      test("somebody signs up and in through it, and the trail has the client's address whatever it says of itself", async () => {
        assert.equal((await signUp(origin, "ann", forged)).status, 201);
        const signedIn = await ask(`${origin}/v1/signin`, {
          method: "POST", headers: { ...forged, "X-Forwarded-For": "203.0.113.9, 127.0.0.1" }, body: JSON.stringify({ uid: "ann", password }),
        });
        assert.equal(signedIn.status, 200, signedIn.text);
        const cookie = signedIn.headers["set-cookie"].map((each) => each.split(";")[0]).join("; ");
        const session = await ask(`${origin}/v1/session`, { headers: { ...forged, Cookie: cookie } });
        assert.equal(session.status, 200);
        assert.equal(JSON.parse(session.text).user.uid, "ann");
        assert.equal((await ask(`${origin}/v1/session`, { headers: forged })).status, 401, "a name in a header is nobody");
        for (const event of [...auditOf("signup.completed"), ...auditOf("signin.succeeded")]) {
          assert.ok(JSON.stringify(event).includes(`"${client}"`), JSON.stringify(event));
          assert.ok(!JSON.stringify(event).includes("203.0.113.9"), JSON.stringify(event));
        }
      });

      test("it speaks HTTP/2, refuses what is longer than anything the server takes, and asks for health", async () => {
        const session = connectHttp2(`https://127.0.0.1:${new URL(origin).port}`, { rejectUnauthorized: false, servername: "auth.localhost" });
        const status = await new Promise((resolve, reject) => {
          session.once("error", reject);
          const stream = session.request({ ":path": "/signin", ":authority": new URL(origin).host });
          stream.once("response", (headers) => resolve(headers[":status"]));
          stream.once("error", reject);
          stream.end();
        });
        session.destroy();
        assert.equal(status, 200);
        const long = await ask(`${origin}/v1/signup`, { method: "POST", body: "x".repeat(16 * 1024 * 1024) }).catch((problem) => ({ status: problem.code }));
        assert.ok([413, "EPIPE", "ECONNRESET"].includes(long.status), String(long.status));
        assert.equal((await ask(`${origin}/readyz`)).status, 200);
      });
    });
  }
}

for (const name of Object.keys(proxies)) {
  describe(`from cardea init to an account behind ${name}`, () => {
    let place, server, proxy, browser;

    before(async () => {
      place = newFolder();
      browser = await startBrowser();
    });
    after(async () => {
      await browser?.close();
      await proxy?.stop();
      await server?.stop();
      place.remove();
    });

    test("init, config check, serve --create, and a person signs up in a browser", async () => {
      const { folder } = place;
      const { certificate, key, both } = makeCertificate(folder);
      const origin = `https://auth.localhost:${await freePort()}`;
      const listen = `127.0.0.1:${await freePort()}`;
      const files = join(folder, "etc");
      const words = ["init", "--no-input", "--url", origin, "--proxy", name, "--to", files, "--listen", listen,
        "--database", `sqlite:${folder}/data/cardea.db`, "--certificate", name === "haproxy" ? both : certificate, "--key", key];
      const checklist = cardea(words);
      assert.equal(checklist.trim().split("\n").length, 6, checklist);
      assert.equal(statSync(join(files, "secret")).mode & 0o777, 0o600);
      assert.match(cardea(words, { code: 5 }), /is there already/);
      const config = join(files, "cardea.toml");
      cardea(["config", "check", "--config", config]);
      server = await start([program, "serve", "--create", "--config", config], { folder, isThere: () => listensAt(listen) });
      const file = join(files, proxies[name].file);
      proxy = await start(proxies[name].command(folder, file), { folder, isThere: () => listensAt(`127.0.0.1:${new URL(origin).port}`) });
      const visitor = await newVisitor(browser, origin, { trustsAnyCertificate: true });
      const { page } = visitor;
      await page.goto(`${origin}/signup`);
      await fillSignup(page, person("ann", "Ann Lee"));
      await page.getByRole("button", { name: "Create account" }).click();
      await page.waitForURL((url) => url.pathname !== "/signup");
      await page.goto(`${origin}/account`);
      assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Profile");
      await visitor.leave();
      assert.match(cardea(["user", "get", "ann", "--config", config]), /Ann Lee/);
    });
  });
}

test("cardea init asks four questions at a terminal and no more", () => {
  const place = newFolder();
  try {
    const answers = `auth.example.com\n\nnginx\n${place.folder}/etc\n`;
    const printed = execFileSync("script", ["-qec", `${program} init`, "/dev/null"], { input: answers, encoding: "utf8", env: { PATH: process.env.PATH } });
    const questions = ["Address that people will use", "Database, ", "Proxy before it", "Folder to write to"];
    assert.deepEqual(questions.filter((each) => !printed.includes(each)), [], printed);
    assert.match(readFileSync(join(place.folder, "etc/cardea.toml"), "utf8"), /url = "https:\/\/auth\.example\.com"/);
  } finally {
    place.remove();
  }
});

describe("the configuration of Traefik, of which there is no program here", () => {
  test("is YAML of the shape that its documentation has", () => {
    const place = newFolder();
    try {
      const config = join(place.folder, "cardea.toml");
      writeFileSync(config, 'url = "https://auth.example.com"\n[server]\ntrusted_proxies = ["127.0.0.1/32"]\n');
      const printed = cardea(["proxy", "traefik", "--config", config, "--protect", "app.example.com"]);
      const asJson = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))";
      const { http } = JSON.parse(execFileSync("python3", ["-c", asJson], { input: printed, encoding: "utf8" }));
      for (const router of Object.values(http.routers)) {
        assert.ok(http.services[router.service], router.service);
        for (const each of router.middlewares) assert.ok(http.middlewares[each], each);
      }
      assert.equal(http.services.cardea.loadBalancer.healthCheck.path, "/healthz");
      assert.ok(http.serversTransports[http.services.cardea.loadBalancer.serversTransport]);
      assert.ok(http.middlewares.cardea.forwardAuth.authResponseHeaders.includes("Remote-User"));
    } finally {
      place.remove();
    }
  });
});
