// What every page gains when scripts run. Everything works without; nothing here decides anything the server does not.
// What a feature's own pages gain is in the main.ts of its folder, which runs after this one.
import { busyForms } from "./busy.ts";
import { checkForms } from "./check.ts";
import { confirmForms } from "./confirm.ts";
import { copyButtons } from "./copy.ts";
import { countCharacters, revealButtons } from "./password.ts";
import { all } from "./dom.ts";
import { currentTab } from "./tab.ts";
import { themeToggle } from "./theme.ts";
import { localTimes } from "./times.ts";

themeToggle();
for (const hint of all<HTMLElement>("[data-no-cookies]")) hint.hidden = navigator.cookieEnabled;
revealButtons();
localTimes();
currentTab();
checkForms();
confirmForms();
copyButtons();
countCharacters();
busyForms();
