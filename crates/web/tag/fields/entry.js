// What of an attempt is reported: the values of inputs that somebody mapped, and those of the automatic set.

import { recognise } from "./recognise.js";

const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}$/;
const fold = (text) => text.normalize("NFKC").trim();

/** Notes with each field what it asks for. An address typed a second time is a check, not another address. */
const recogniseAll = (fields) => {
  let mail = fields.some((field) => field.as == "email");
  for (const field of fields) {
    if (!field.value || field.as || !field.texts || field.type == "hidden") continue;
    const isAddress = ADDRESS.test(fold(field.value));
    let found = recognise(field);
    if (isAddress && !found) found = "email";
    if (found == "email") {
      if (mail || !isAddress) continue;
      mail = true;
    }
    if (found != "-") field.as = found;
  }
};

/** The mapped form that has most of the attempt's inputs. */
const mappedForm = (forms, { fields, form }) => {
  const score = (one) =>
    Object.values(one.fields).filter((name) => fields.some((field) => field.name == name)).length * 2 + (one.name == form.name);
  return (forms || []).map((one) => [score(one), one]).sort(([one], [next]) => next - one).find(([points]) => points > 1)?.[1];
};

const permittedUrl = (href, parameters = []) => {
  const url = new URL(href);
  for (const name of [...url.searchParams.keys()]) if (!parameters.includes(name)) url.searchParams.delete(name);
  url.hash = "";
  return url.href;
};

const valuesOf = (fields, mapping) => {
  const values = {};
  const add = (property, value, glue) => {
    if (value) values[property] = values[property] ? values[property] + glue + value : value;
  };
  for (const { as, value } of fields) {
    if (as && !(as in mapping)) add(as, as == "phone" ? fold(value) : value, as == "phone" ? "-" : " ");
  }
  for (const property in mapping) {
    for (const field of fields) if (field.name == mapping[property]) add(property, field.value, "\n");
  }
  if (values.email) values.email = fold(values.email);
  return values;
};

/** The dialog in this tab never asks for what was typed here a moment ago. */
const remember = ({ email, name, family_name, given_name, company }) => {
  if (!email) return;
  try {
    sessionStorage.setItem("tsugite.typed", JSON.stringify({ at: Date.now(), email, name, family_name, given_name, company }));
  } catch {}
};

/** The body of a report, or nothing when the admin has switched the form off. */
export const entryOf = (attempt, config, visitor) => {
  const { id, grade, evidence, fields, revision } = attempt;
  recogniseAll(fields);
  const form = mappedForm(config.forms, attempt);
  if (form && !form.on) return;
  // A form that asks for nothing but an address is only made known, until an admin switches it on.
  const allowed = form || !attempt.mail || fields.filter((field) => field.type != "hidden").length > 1;
  const values = allowed && grade != "failed" ? valuesOf(fields, form?.fields || {}) : {};
  remember(values);
  return {
    id, token: config.token, grade: allowed ? grade : "unknown", evidence, revision,
    url: permittedUrl(attempt.url, config.parameters),
    referrer: attempt.referrer && new URL(attempt.referrer).origin,
    form: {
      ...attempt.form, id: form?.id,
      // What somebody's code tells has no form on the page.
      fields: (attempt.mail ? fields.slice(0, 100) : []).map(({ name, type, texts, as, value }) => ({ name, label: texts?.[0], type, as, filled: !!value })),
    },
    values,
    visitor,
    language: document.documentElement.lang || navigator.language,
  };
};
