// What never leaves the page, whatever anybody has mapped.

import { attribute, isVisible } from "./page.js";

const luhn = (digits) =>
  [...digits].reverse().reduce((sum, digit, place) => sum + (place % 2 ? (digit * 2) % 10 + (digit > 4) : +digit), 0) % 10 == 0;

/** The check digit of an individual number (マイナンバー). */
const isPersonal = (digits) => {
  const rest = [...digits.slice(0, 11)].reverse().reduce((sum, digit, place) => sum + digit * (place < 6 ? place + 2 : place - 4), 0) % 11;
  return +digits[11] == (rest < 2 ? 0 : 11 - rest);
};

/** Whether digits in the text, with blanks or hyphens between them, are a card's or a person's number. */
const holdsNumber = (text) =>
  (text.normalize("NFKC").match(/\+?\d[\d -]{10,}/g) || []).some((run) => {
    const groups = run.split(/[ -]+/);
    return groups.some((_, from) => groups.slice(from).reduce(([joined, found], group) => {
      joined += group;
      return [joined, found || /^\d{13,19}$/.test(joined) && luhn(joined) || /^\d{12}$/.test(joined) && isPersonal(joined)];
    }, ["", false])[1]);
  });

/** Whether the input's value has to stay where it is. */
export const isSecret = (input) =>
  /^(password|file)$/.test(input.type) ||
  /^cc-|password|one-time/.test(input.autocomplete) ||
  /pass(w|$)|csrf|token|nonce|captcha|turnstile|cvv|cvc|card.?n|ssn/i.test(input.name) ||
  holdsNumber(input.value);

/** Whether the form signs somebody in. */
export const isLogin = (inputs) => inputs.some((input) => input.type == "password" && isVisible(input));

export const isIgnored = (input) => input.closest("[data-tsugite-ignore]");
