import { all } from "./dom.ts";

/** Moments in the reader's own zone; the page's UTC text stays as the tooltip. */
export function localTimes(): void {
  const language = `${document.documentElement.lang}-u-nu-latn`;  // digits as in the rest of the page
  const whole = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  for (const time of all<HTMLTimeElement>("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.title = time.textContent ?? "";
    time.textContent = ("day" in time.dataset ? day : whole).format(at);
  }
}
