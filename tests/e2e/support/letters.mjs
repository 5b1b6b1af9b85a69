// Letters, read where `cardea dev` keeps them.
import { newVisitor } from "./visitor.mjs";

/** The newest letter to this address, read in a browser of its own: its code, and the path of a link that begins so. */
export async function readLetter(browser, origin, address, { subject, path } = {}) {
  const reader = await newVisitor(browser, origin, { javaScript: false });
  const row = () => reader.page.locator(".mailbox a").filter({ hasText: address }).filter({ hasText: subject ?? "" }).first();
  for (let tries = 0; tries < 50; ++tries) {
    await reader.page.goto("/mail");
    if (await row().count()) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await row().click();
  const text = await reader.page.locator("pre").innerText();
  await reader.leave();
  return { code: /\b\d{6,8}\b/.exec(text)?.[0], link: path && new RegExp(`${path}\\S+`).exec(text)?.[0], text };
}
