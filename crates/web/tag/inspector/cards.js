// What the page has: a card for each form.

import { button, make } from "../dialog/make.js";
import { formsOf } from "./page_forms.js";
import { fill, propertyName } from "./words.js";

const card = (form, told, edit) => {
  const { texts } = told;
  const { mapped, missing, fields, title } = form;
  const state = form.isLogin ? texts.login : mapped ? mapped.on ? texts.mapped : texts.off : texts.unmapped;
  const automatic = fields.filter((field) => field.as).map((field) => propertyName(told, field.as));
  return make("li", {},
    make("h3", {}, title),
    make("p", { className: "soft" }, state),
    !form.isLogin && make("p", { className: "soft" }, automatic[0] ? fill(texts.found, { list: automatic.join(texts.comma) }) : texts.found_none),
    ...missing.map(([property, input]) => make("p", { className: "bad" }, `${texts.missing}: ${propertyName(told, property)} (${input})`)),
    !form.isLogin && button(mapped ? texts.edit : texts.map, () => edit(form), { "aria-label": `${mapped ? texts.edit : texts.map}: ${title}` }));
};

export const formCards = (told, page, edit) => {
  const forms = formsOf(told, page);
  const { texts } = told;
  return [make("h3", { className: "part" }, texts.forms), forms[0]
    ? make("ul", { className: "cards" }, ...forms.map((form) => card(form, told, edit)))
    : make("p", {}, texts.none)];
};
