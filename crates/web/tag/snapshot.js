// What a form holds at the moment of its submission. It stays in this tab: only what somebody mapped, and what the
// automatic set allows, is ever reported (entry.js).

import { attribute, inputsOf, isEditable, isForm, isVisible, keyOf } from "./page.js";
import { labelOf, recognise } from "./recognise.js";
import { isIgnored, isLogin, isSecret } from "./secrets.js";
import { newId } from "./storage.js";

const touched = new WeakSet();
addEventListener("input", (event) => touched.add(event.composedPath()[0]), true);

export const isAddress = (text) => /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}$/.test(text);
export const fold = (text) => text.normalize("NFKC").trim();

const valueOf = (input) => {
  if (/^(checkbox|radio)$/.test(input.type)) return input.checked ? input.value : "";
  if (input.selectedOptions) return [...input.selectedOptions].map((option) => option.value && option.text).join("\n");
  return input.value.trim().slice(0, 8192);
};

/** An attempt on this page; names are those of the inputs that somebody can type into. */
export const attemptOf = (fields, name = "", mail, names = []) => ({
  id: newId(), at: Date.now(), mail, names, fields, form: { name, path: location.pathname },
  url: location.href, referrer: document.referrer, evidence: [], step: 0, revision: 0,
});

/** An attempt made of the form as it is now, and its input for the address; or nothing when nobody says who they are. */
export const snapshot = (scope) => {
  const inputs = inputsOf(scope).filter((input) => !isIgnored(input) && !/^(submit|button|image|reset)$/.test(input.type));
  if (isLogin(inputs)) return;
  const fields = [];
  const as = {};
  let mail;
  for (const input of inputs) {
    const secret = isSecret(input);
    const hidden = input.type == "hidden";
    // Nobody fills in what nobody sees, but a wizard hides its earlier steps.
    const value = secret || !hidden && !touched.has(input) && !isVisible(input) ? "" : valueOf(input);
    const field = { name: input.name || input.id, label: labelOf(input), type: input.type, value };
    if (value && !hidden) {
      let property = recognise(input);
      if (!property && isAddress(fold(value))) property = "email";
      if (property == "email" && (as.email || !isAddress(fold(value)))) property = "";
      if (property == "email") mail = input;
      if (property && property != "-") {
        field.as = property;
        as[property] = 1;
      }
    }
    fields.push(field);
  }
  if (!mail) return;
  const name = isForm(scope) ? attribute(scope, "name") || attribute(scope, "id") : "";
  return [attemptOf(fields, name, mail.value, inputs.filter(isEditable).map(keyOf)), mail];
};
