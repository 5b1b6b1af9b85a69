// Takes the pictures of the documentation anew: node tools/screenshots.mjs, after ./dev build.
import { fileURLToPath } from "node:url";
import { browserFlags, chromium } from "../tests/e2e/support/modules.mjs";
import { signUp } from "../tests/e2e/support/people.mjs";
import { startServer } from "../tests/e2e/support/server.mjs";

const ann = { uid: "ann", name: "Ann Lee", email: "ann@example.org", password: "a river of nine lanterns" };
const server = await startServer();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });

async function picture(page, path, name, scheme) {
  await page.goto(path);
  await page.screenshot({ path: fileURLToPath(new URL(`../docs/images/${name}-${scheme}.png`, import.meta.url)) });
}

try {
  for (const scheme of ["light", "dark"]) {
    const context = await browser.newContext({
      baseURL: server.origin,
      colorScheme: scheme,
      viewport: { width: 880, height: 620 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await picture(page, "/signin", "signin", scheme);
    const other = { uid: "ann.lee", email: "ann.lee@example.org" };
    await signUp(page, { ...ann, uid: "ann", ...(scheme === "light" ? {} : other) });
    await picture(page, "/account", "account", scheme);
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
