// What the pages gain when scripts run. Everything works without; nothing here decides anything the server does not.
import { busyForms } from "./busy.ts";
import { checkForms } from "./check.ts";
import { confirmForms } from "./confirm.ts";
import { drafts } from "./draft.ts";
import { countCharacters, revealButtons } from "./password.ts";
import { picturePreviews } from "./picture.ts";
import { currentTab } from "./tab.ts";
import { themeToggle } from "./theme.ts";
import { localTimes } from "./times.ts";

themeToggle();
revealButtons();
picturePreviews();
localTimes();
currentTab();
checkForms();
confirmForms();
drafts();
countCharacters();
busyForms();
