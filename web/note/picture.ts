import { problemOf, showProblem } from "../shared/check.ts";
import { all } from "../shared/dom.ts";

/** Shows the chosen picture, or at once why it will not do. Read as data: the policy of the page allows no blobs. */
export function picturePreviews(): void {
  for (const input of all<HTMLInputElement>("input[type=file][data-preview]")) {
    const image = document.createElement("img");
    image.className = "preview";
    image.alt = input.dataset["preview"] ?? "";
    image.hidden = true;
    input.after(image);
    input.addEventListener("change", () => {
      image.hidden = true;
      const problem = problemOf(input);
      showProblem(input, problem);
      const file = input.files?.[0];
      if (!file || problem) return;
      image.onerror = () => {
        image.hidden = true;
        showProblem(input, input.dataset["mistyped"] ?? "");
      };
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        image.src = String(reader.result);
        image.hidden = false;
      });
      reader.readAsDataURL(file);
    });
  }
}
