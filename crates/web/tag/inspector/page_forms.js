// The forms of the page, also in open shadow trees, and the inputs that stand in none.

import { all, attribute, editableOf, inputsOf, isForm } from "../page.js";

const MOST_ELEMENTS = 20000;
const MOST_FORMS = 30;

const roots = () => {
  const found = [document];
  for (const root of found) {
    for (const { shadowRoot, localName } of all(root, "*").slice(0, MOST_ELEMENTS)) {
      if (shadowRoot && !localName.startsWith("tsugite-") && found.length < MOST_FORMS) found.push(shadowRoot);
    }
  }
  return found;
};

/** Examples that a recognised input is filled with, so that checks of its value have something to look at. */
const EXAMPLES = { email: "a@example.com", phone: "03-1234-5678" };

const fieldsOf = (inputs, { recognise, recogniseAll, textsOf }) => {
  const fields = inputs.filter((input) => !/hidden|password|file/.test(input.type)).map((input) => {
    const field = { input, name: input.name || input.id, type: input.type, token: attribute(input, "autocomplete"), texts: textsOf(input) };
    return { ...field, value: EXAMPLES[recognise(field)] || "example" };
  });
  recogniseAll(fields);
  // Boxes of a group are one question.
  return fields.filter(({ name }, place) => !name || fields.findIndex((other) => other.name == name) == place);
};

const headingBefore = (scope) => {
  const before = all(document, "h1,h2,h3").filter((one) => one.compareDocumentPosition(scope) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.pop()?.textContent.trim().slice(0, 60) || document.title;
};

/** The mappings of this page, as the tag has them. */
export const mappingsOf = ({ forms }) => forms.filter((form) => form.here).map((form) => ({ ...form, name: form.form_name, title: form.name }));

/** Each with its fields and the mapping that fits it. */
export const formsOf = (told, page) => roots().flatMap((root) => {
  const loose = inputsOf(root).filter((input) => !input.form);
  return [...all(root, "form").map((scope) => [scope, inputsOf(scope)]), [root, loose]];
}).filter(([scope, inputs]) => isForm(scope) ? editableOf(scope)[0] : inputs.some((input) => input.select)).slice(0, MOST_FORMS).map(([scope, inputs]) => {
  const fields = fieldsOf(inputs, page);
  const name = isForm(scope) ? attribute(scope, "name") || attribute(scope, "id") : "";
  const mapped = page.mappedForm(mappingsOf(told), { fields, form: { name } });
  const missing = Object.entries(mapped?.fields || {}).filter(([, input]) => !fields.some((field) => field.name == input) && !inputs.some((one) => (one.name || one.id) == input));
  return { scope, fields, name, mapped, missing, isLogin: inputs.some(({ type }) => type == "password"), title: mapped?.title || headingBefore(isForm(scope) ? scope : inputs[0]) };
});
