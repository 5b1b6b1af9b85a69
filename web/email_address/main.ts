// The page that waits for a code goes on when the link was opened elsewhere, and takes a pasted or filled-in code at
// once; a typed one never, since who types may want to look again.

const pause = 3000;

const waiting = document.querySelector("[data-verify]");
if (waiting !== null) {
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch("/verify/state", { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      if ((await answer.text()) === "1") {
        const goOn = waiting.querySelector<HTMLFormElement>("[data-verify-continue]");
        if (goOn === null) location.assign("/verify");
        else goOn.requestSubmit();
        return;
      }
    } catch {
      // Away for a moment: asked again.
    }
    setTimeout(() => void look(), pause);
  };
  setTimeout(() => void look(), pause);

  const code = waiting.querySelector<HTMLInputElement>("#code");
  code?.addEventListener("input", (event) => {
    const typed = (event as InputEvent).inputType;
    const isWhole = /^\d{3} ?\d{3}$/.test(code.value.trim());
    if (isWhole && (typed === "insertFromPaste" || typed === "insertReplacementText" || typed === undefined)) code.form?.requestSubmit();
  });
}
