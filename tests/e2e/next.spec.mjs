// Signing in, up and out on the way to a front end on another origin. Without scripts the browser's own rules decide:
// after a form it follows a redirect to an origin only when the page's policy names it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fillSignin, fillSignup, pathOf, password, person } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";
import { newVisitor, startBrowser } from "./support/visitor.mjs";

let frontEnd, stranger, server, browser, app, elsewhere;

const listen = async () => {
  const pages = createServer((request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end("<!doctype html><html lang=en><title>Front end</title><link rel=icon href=data:,><p>here");
  }).listen(0, "127.0.0.1");
  await once(pages, "listening");
  return pages;
};

before(async () => {
  frontEnd = await listen();
  stranger = await listen();
  app = `http://localhost:${frontEnd.address().port}`;
  elsewhere = `http://localhost:${stranger.address().port}`;
  server = await startServer({ settings: `[cors]\norigins = ["${app}"]\n` });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  frontEnd?.close();
  stranger?.close();
});

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without scripts";
  const uid = `ann-${javaScript}`;
  const next = (place) => `?next=${encodeURIComponent(place)}`;

  test(`a front end sends somebody to sign up, in and out, who comes back to it, ${how}`, async () => {
    const visitor = await newVisitor(browser, server.origin, { javaScript });
    const { page } = visitor;
    const place = `${app}/notes?year=2026#top`;
    await page.goto(`/signin${next(place)}`);
    await page.getByRole("link", { name: "Create an account" }).click();
    await fillSignup(page, person(uid, "Ann Lee"));
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForURL(place);
    await page.goto(`${server.origin}/signout${next(place)}`);
    await page.locator("main").getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(place);
    await page.goto(`${server.origin}/signin${next(place)}`);
    await fillSignin(page, uid, "not the password");
    await page.getByRole("alert").waitFor();
    await fillSignin(page, uid, password);
    await page.waitForURL(place);
    await page.goto(`${server.origin}/signin${next(place)}`);
    await page.waitForURL(place);
    await visitor.leave();
  });

  test(`nobody is led to an origin that is not listed, ${how}`, async () => {
    const visitor = await newVisitor(browser, server.origin, { javaScript });
    const { page } = visitor;
    await page.goto(`/signin${next(`${elsewhere}/`)}`);
    await fillSignin(page, uid, password);
    await page.waitForURL((url) => url.pathname !== "/signin");
    assert.equal(new URL(page.url()).origin, server.origin);
    assert.equal(pathOf(page), "/account");
    await visitor.leave();
  });
}
