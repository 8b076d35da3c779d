// The texts that may say what an input asks for.

import { inputsOf, isForm } from "../page.js";

/** What stands around an input, the likeliest first. */
export const textsOf = (input) => {
  const found = [input.ariaLabel, ...[...input.labels || []].map((label) => label.textContent)];
  // What stands before it: a label, or the `th`, `dt` or text of its row. Inputs side by side may share one.
  for (let node = input, level = 0; level < 5 && node && !isForm(node); level++, node = node.parentNode) {
    for (let before = node.previousSibling, said; before; before = before.previousSibling) {
      const text = /[^\s\d\0-@]/.test(before.textContent) && before.textContent;
      if (before.matches?.("input,select,textarea") || before.querySelector && inputsOf(before)[0]) {
        if (said || text) break;
      } else if (text) found.push(said = text);
    }
  }
  return [...found, input.placeholder, input.title].filter((text) => text?.trim()).map((text) => text.trim().slice(0, 60)).slice(0, 9);
};
