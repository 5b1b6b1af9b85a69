// Passkeys need scripts: without them their buttons stay hidden, and everything else works as it does. What the pages
// about one's own passkeys need besides is in making.page.ts, and those that ask for one beside a form in proving.page.ts.
import { signIn } from "./signin.ts";

if (window.PublicKeyCredential) {
  const signing = document.querySelector<HTMLElement>("[data-passkey-signin]");
  if (signing) void signIn(signing);
  for (const hint of document.querySelectorAll<HTMLElement>("[data-no-passkeys]")) hint.hidden = true;
}
