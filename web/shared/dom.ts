export function all<T extends Element>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

/** Code points, as the server counts them: an emoji is one character, not two. */
export function length(text: string): number {
  return [...text].length;
}
