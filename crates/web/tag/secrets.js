// What never leaves the page, whatever anybody has mapped.

import { attribute, isVisible } from "./page.js";
import { fields } from "./modules.js";

const LONG = /\d([ -]*\d){11}/;

/** Whether a text holds a card's or a person's number; without the module any long number counts as one. */
const holdsNumber = (text) => LONG.test(text) && (!fields || fields.holdsNumber(text));

/** Firefox's property leaves out tokens that it doesn't fill in itself, so the attribute is read. */
export const isSecret = (input) =>
  /password|file/.test(input.type) ||
  /^cc-|password|one-time/.test(attribute(input, "autocomplete")) ||
  /pass(w|$)|csrf|token|nonce|captcha|turnstile|cv[vc]|card.?n|ssn/i.test(input.name) ||
  input.closest("[data-tsugite-ignore]") ||
  holdsNumber(input.value.normalize("NFKC"));

/** Whether the form signs somebody in. */
export const isLogin = (inputs) => inputs.some((input) => input.type == "password" && isVisible(input));
