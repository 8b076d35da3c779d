// The second step: what has to be known and wasn't typed in this tab already.

import { formats } from "./days.js";
import { button, make } from "./make.js";

let number = 0;

const labelled = (label, required, texts, input) => {
  input.id = `t${++number}`;
  input.required = required;
  return make("div", { className: "field" },
    make("label", { htmlFor: input.id }, label, required && make("small", {}, texts.required)), input);
};

const choices = (field, texts, type) => make("fieldset", {},
  make("legend", { className: "field" }, field.label, field.required && make("small", {}, texts.required)),
  ...field.options.map((option) => make("label", { className: "choice" }, make("input", { type, name: field.key, value: option }), option)));

/** The input of a question of the page, by its kind. */
const question = (field, texts) => {
  const { key, kind, label, required, options } = field;
  if (kind == "hidden") return make("input", { type: "hidden", name: key, value: new URLSearchParams(location.search).get(key) ?? "" });
  if (kind == "radio") return choices(field, texts, "radio");
  if (kind == "checkboxes") return choices(field, texts, "checkbox");
  if (kind == "dropdown") {
    return labelled(label, required, texts, make("select", { name: key },
      make("option", { value: "" }, texts.choose_one), ...options.map((option) => make("option", { value: option }, option))));
  }
  const input = kind == "textarea" ? make("textarea", { name: key, maxLength: 8000 }) : make("input", { name: key, type: kind == "date" ? "date" : "text", maxLength: 1000 });
  return labelled(label, required, texts, input);
};

const nameOf = (typed) => typed.name || [typed.family_name, typed.given_name].filter(Boolean).join(" ");

/** What the form asks of a visitor who has typed this before. */
const attendeeInputs = (offer, typed) => {
  const { texts } = offer;
  const text = (key, autocomplete, required, type = "text") => labelled(texts[key], required, texts, make("input", { name: `attendee.${key}`, type, autocomplete, maxLength: 300 }));
  return [
    !typed.email && text("email", "email", true, "email"),
    !nameOf(typed) && (offer.name_parts
      ? make("div", { className: "two" }, text("family_name", "family-name", true), text("given_name", "given-name", true))
      : text("name", "name", true)),
    !typed.company && text("company", "organization", false),
  ].filter(Boolean);
};

/** What was typed, as it travels. */
const read = (form, offer) => {
  const attendee = {};
  const answers = {};
  for (const [name, value] of new FormData(form)) {
    if (!String(value).trim()) continue;
    if (name.startsWith("attendee.")) attendee[name.slice(9)] = value.trim();
    else if (offer.fields.find((field) => field.key == name)?.kind == "checkboxes") (answers[name] ||= []).push(value);
    else answers[name] = value;
  }
  return { attendee, answers };
};

/** Shows what the server found wrong: a summary, and a text beside each input. */
const showFaults = (form, errors, texts) => {
  form.querySelectorAll(".fault,.note.bad").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  const list = make("ul");
  for (const { field, text } of errors) {
    const key = field.replace(/^answers[.[]|\]$/g, "");
    const input = form.elements[`attendee.${key.replace(/^attendee\./, "")}`] ?? form.elements[key];
    const first = input instanceof RadioNodeList ? input[0] : input;
    if (!first) {
      list.append(make("li", {}, text));
      continue;
    }
    const id = `f${++number}`;
    first.setAttribute("aria-invalid", "true");
    first.setAttribute("aria-describedby", id);
    (first.closest("fieldset,.field") ?? first).append(make("p", { id, className: "fault" }, text));
    const label = (first.closest("fieldset")?.querySelector("legend") ?? first.labels[0]).firstChild.textContent;
    list.append(make("li", {}, button(`${label}: ${text}`, () => first.focus(), { className: "quiet" })));
  }
  const summary = make("div", { className: "note bad", role: "alert", tabIndex: -1 }, make("p", {}, texts.problems), list);
  form.prepend(summary);
  summary.focus();
};

/** The step; `send` gets what was typed and answers with what is wrong, if anything is. */
export const detailsStep = ({ offer, start, typed, back, send }) => {
  const { texts, zone, language, minutes } = offer;
  const name = nameOf(typed) || typed.email;
  const submit = make("button", { className: "main" }, texts.submit);
  const form = make("form", { noValidate: false },
    typed.email && make("p", { className: "soft" }, texts.using.replace("{name}", name)),
    ...attendeeInputs(offer, typed), ...offer.fields.map((field) => question(field, texts)), submit);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    submit.textContent = texts.working;
    const errors = await send(read(form, offer));
    submit.disabled = false;
    submit.textContent = texts.submit;
    if (errors) showFaults(form, errors, texts);
  });
  return [
    make("h3", { tabIndex: -1, "data-focus": "" }, texts.details),
    make("div", { className: "chosen" }, make("b", {}, formats(zone, language).full(start, minutes)), button(texts.other_time, back, { className: "quiet" })),
    form,
  ];
};
