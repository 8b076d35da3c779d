// What never leaves the page, whatever anybody has mapped.

import { isVisible } from "./page.js";

/** Whether a number has the check digit of a card (Luhn) or of a person (マイナンバー). */
const isChecked = (digits) => {
  let card = 0;
  let person = 0;
  [...digits].reverse().forEach((digit, place) => {
    const twice = digit * (1 + place % 2);
    card += twice - (twice > 9 && 9);
    if (place) person += digit * (place < 7 ? place + 1 : place - 5);
  });
  const rest = person % 11;
  return digits[12] ? !digits[19] && card % 10 == 0 : digits[11] && digits[11] == (rest < 2 ? 0 : 11 - rest);
};

/** Whether there is such a number in a text, also with blanks or hyphens in it. */
const holdsNumber = (text) =>
  (text.normalize("NFKC").match(/\+?\d[\d -]{10,}/g) || []).some((run) => {
    const groups = run.split(/[ -]+/);
    return groups.some((_, from) => {
      let joined = "";
      return groups.slice(from).some((group) => isChecked(joined += group));
    });
  });

export const isSecret = (input) =>
  /password|file/.test(input.type) ||
  /^cc-|password|one-time/.test(input.autocomplete) ||
  /pass(w|$)|csrf|token|nonce|captcha|turnstile|cv[vc]|card.?n|ssn/i.test(input.name) ||
  input.closest("[data-tsugite-ignore]") ||
  holdsNumber(input.value);

/** Whether the form signs somebody in. */
export const isLogin = (inputs) => inputs.some((input) => input.type == "password" && isVisible(input));
