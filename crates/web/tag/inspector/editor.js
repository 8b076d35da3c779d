// The mapping of one form: which input fills which property. By a click on the page, or down the list with the keyboard.

import { button, make } from "../dialog/make.js";
import { mappingsOf } from "./page_forms.js";
import { marker, picker } from "./pick.js";
import { fill, propertyName } from "./words.js";

const OTHER = "*";

/** A row for an input. `chosen` is the property it is mapped to. */
const row = (field, told, chosen, place, mark) => {
  const { texts, properties } = told;
  const id = `row-${place}`;
  const said = field.texts[0] || field.name || field.type;
  const automatic = field.as ? fill(texts.automatic, { property: propertyName(told, field.as) }) : texts.nothing;
  const isOwn = chosen && !(chosen in properties);
  const key = make("input", { value: isOwn ? chosen : "", hidden: !isOwn, maxLength: 60, autocapitalize: "off", spellcheck: false, "aria-label": `${texts.key}: ${said}`, placeholder: texts.key });
  const select = make("select", { id, disabled: !field.name },
    ...[["", automatic], ...Object.entries(properties), [OTHER, texts.other]].map(([value, text]) => make("option", { value }, text)));
  select.value = isOwn ? OTHER : chosen || "";
  select.addEventListener("change", () => {
    key.hidden = select.value != OTHER;
    if (!key.hidden) key.focus();
  });
  const show = () => {
    mark(field.input);
    field.input.scrollIntoView({ block: "center" });
  };
  select.addEventListener("focus", show);
  select.addEventListener("blur", () => mark());
  const hint = `${field.name || texts.nameless} · ${field.type}`;
  return {
    field, select,
    property: () => select.value == OTHER ? key.value.trim() : select.value,
    element: make("div", { className: "field" },
      make("label", { htmlFor: id }, `${said} `, make("small", {}, hint)), select, key),
  };
};

/** What is wrong with what was chosen: a text, or nothing. */
const faultOf = (rows, texts, told) => {
  const chosen = rows.map((one) => one.property()).filter(Boolean);
  if (rows.some((one) => one.select.value == OTHER && !one.property())) return texts.key_missing;
  const twice = chosen.find((property, place) => chosen.indexOf(property) != place);
  return twice && fill(texts.twice, { property: propertyName(told, twice) });
};

/** The form of a mapping; `done` goes back, with what there is to say. */
export const editor = (form, told, page, panel, done) => {
  const { texts } = told;
  const { mapped, fields } = form;
  const mark = marker();
  const mappedTo = (field) => Object.entries(mapped?.fields || {}).find(([, input]) => input == field.name)?.[0];
  const rows = fields.map((field, place) => row(field, told, mappedTo(field), place, mark));
  const pick = picker(panel.host, mark, (input) => {
    const name = input.name || input.id;
    const found = rows.find((one) => one.field.input == input) || rows.find((one) => name && one.field.name == name);
    panel.say(found ? fill(texts.picked, { name: found.field.texts[0] || found.field.name }) : texts.not_here);
    found?.select.focus();
  });
  const toggle = button(texts.pick, () => {
    const on = toggle.getAttribute("aria-pressed") != "true";
    toggle.setAttribute("aria-pressed", String(on));
    pick(on);
    panel.say(on ? texts.pick_on : "");
  }, { "aria-pressed": "false" });
  const name = make("input", { id: "name", value: form.title, maxLength: 200, required: true });
  const problems = make("div", { role: "alert" });
  const leave = (said) => {
    pick(false);
    mark();
    done(said);
  };
  const refuse = (lines) => problems.replaceChildren(...lines.map((line) => make("p", { className: "bad" }, line)));

  const save = async () => {
    const fault = faultOf(rows, texts, told);
    if (fault) return refuse([fault]);
    // What is mapped to inputs of another step or page stays.
    const kept = Object.entries(mapped?.fields || {}).filter(([, input]) => !rows.some((one) => one.field.name == input));
    const chosen = rows.filter((one) => one.property()).map((one) => [one.property(), one.field.name]);
    const made = {
      id: mapped?.id || "", name: name.value, url: mapped?.url || location.origin + location.pathname, selector: mapped?.selector || "",
      form_name: mapped?.form_name || form.name, fields: Object.fromEntries([...kept, ...chosen]),
    };
    saving.disabled = true;
    const answer = await page.ask("mapping", { path: location.pathname, form: made }).catch(() => undefined);
    saving.disabled = false;
    if (answer?.status == 410) return refuse([texts.over]);
    const body = await answer?.json().catch(() => undefined);
    if (answer?.status == 422 && body) return refuse(body.errors.map((error) => error.text));
    if (!answer?.ok || !body) return refuse([texts.failed]);
    told.forms = body.forms;
    page.use(mappingsOf(told));
    leave(texts.saved);
  };
  const saving = make("button", { type: "submit", className: "first" }, texts.save);
  const element = make("form", { noValidate: true },
    make("div", { className: "field" }, make("label", { htmlFor: "name" }, texts.name), name),
    toggle, ...rows.map((one) => one.element), problems,
    make("div", { className: "row" }, saving, button(texts.cancel, () => leave())));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key == "Escape" && toggle.getAttribute("aria-pressed") == "true") toggle.click();
  });
  return [make("h3", { className: "part", tabIndex: -1, "data-focus": "" }, form.title), element];
};
