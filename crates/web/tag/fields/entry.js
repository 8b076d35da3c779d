// What of an attempt is reported: the values of inputs that somebody mapped, and those of the automatic set.

import { recognise } from "./recognise.js";
import { note } from "./reports.js";

const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}$/;
const fold = (text) => text.normalize("NFKC").trim();

const PHONE = /^(\+|0)[\d() -]{9,15}$/;
const PARTS = /^(name|kana)$/;

/**
 * Notes with each field what it asks for. Of two that ask for the same the first one counts: an address typed again is a
 * check. Only what stands side by side under one text belongs together: the parts of a name or of a number.
 */
export const recogniseAll = (fields) => {
  const first = {};
  let before = {};
  for (const field of fields) {
    if (!field.value || field.as || !field.texts || field.type == "hidden") continue;
    const value = fold(field.value);
    let found = recognise(field);
    if (!found && ADDRESS.test(value)) found = "email";
    if (!found && PHONE.test(value)) found = "phone";
    if (found == "email" && !ADDRESS.test(value)) found = "";
    if (!found || found == "-") continue;
    const earlier = first[found];
    const beside = earlier && earlier == before && earlier.texts.some((text) => field.texts.includes(text));
    if (beside && PARTS.test(found)) {
      earlier.as = `family_${found}`;
      field.as = `given_${found}`;
    } else if (!earlier || beside && found == "phone") {
      field.as = found;
      first[found] = field;
    }
    before = field;
  }
};

/** Forms that were mapped on this page since its configuration came. */
export const mapped = {};

/** The mapped form that has most of the attempt's inputs. */
export const mappedForm = (forms, { fields, form }) => {
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
  const form = mappedForm(mapped.forms || config.forms, attempt);
  if (form && !form.on) return note({ id, form, evidence, off: true });
  // A form that asks for nothing but an address is only made known, until an admin switches it on.
  const allowed = form || !attempt.mail || fields.filter((field) => field.type != "hidden").length > 1;
  const values = allowed && !/unknown|failed/.test(grade) ? valuesOf(fields, form?.fields || {}) : {};
  remember(values);
  const entry = {
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
    // The site's own server vouches for an address.
    proof: document.querySelector("[data-tsugite-proof]")?.dataset.tsugiteProof,
    language: document.documentElement.lang || navigator.language,
  };
  note(entry);
  return entry;
};
