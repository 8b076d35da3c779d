// What a form holds at the moment of its submission. It stays in this tab: what of it is reported, the module `fields`
// decides by what somebody has mapped.

import { fields } from "./modules.js";
import { attribute, editableOf, inputsOf, isForm, isVisible, listen } from "./page.js";
import { isLogin, isSecret } from "./secrets.js";
import { newId } from "./storage.js";

const touched = new WeakSet();
listen("input", (event, input) => touched.add(input));

const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}$/;

export const isAddress = (input) => ADDRESS.test(input.value.normalize("NFKC").trim());

/** What tells an input from others, also on the next page. */
export const keyOf = (input) => input.name || input.id || input.placeholder || input.type;

const valueOf = (input) => {
  if (/checkbox|radio/.test(input.type)) return input.checked ? input.value : "";
  if (input.selectedOptions) return [...input.selectedOptions].map((option) => option.value && option.text).join("\n");
  return input.value.trim().slice(0, 8192);
};

/** An attempt on this page; names are those of the inputs that somebody can type into. */
export const attemptOf = (fields, name, mail, names = []) => ({
  id: newId(), at: Date.now(), mail, names, fields, form: { name, path: location.pathname },
  url: location.href, referrer: document.referrer, evidence: [], revision: 0,
});

/** An attempt made of the form as it is now, and its input for the address; or nothing when nobody says who they are. */
export const snapshot = (scope) => {
  const inputs = inputsOf(scope);
  let mail;
  const read = inputs.map((input) => {
    const { type } = input;
    // Nobody fills in what nobody sees, but a wizard hides its earlier steps.
    const open = !isSecret(input) && (type == "hidden" || touched.has(input) || isVisible(input));
    if (open && type != "hidden" && isAddress(input)) mail ||= input;
    return {
      name: input.name || input.id, type, token: attribute(input, "autocomplete"), texts: fields ? fields.textsOf(input) : [input.labels?.[0]?.textContent || ""], value: open ? valueOf(input) : "",
      open: open && !/checkbox|radio/.test(type),
    };
  });
  if (!mail || isLogin(inputs)) return;
  const name = isForm(scope) ? attribute(scope, "name") || attribute(scope, "id") : "";
  return [attemptOf(read, name, mail.value, editableOf(scope).map(keyOf)), mail];
};
