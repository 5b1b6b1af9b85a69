// A note's text is kept while it is written, and its picture is shown before it is sent.
import { drafts } from "./draft.ts";
import { picturePreviews } from "./picture.ts";

picturePreviews();
drafts();
