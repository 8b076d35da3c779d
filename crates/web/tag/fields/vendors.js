// Forms of others that say by themselves what became of a submission.

const EVENTS = {
  wpcf7mailsent: "confirmed", wpcf7mailfailed: "likely", wpcf7invalid: "failed", wpcf7spam: "failed", wpcf7unaccepted: "failed",
  "smf.complete": "confirmed", "smf.invalid": "failed", "smf.confirm": "",
};
/** Events that only jQuery hears. */
const JQUERY = "wpformsAjaxSubmitSuccess fluentform_submission_success submit_success gform_confirmation_loaded";

let adapted;

const formOf = (target) => target.closest?.("form") || target.querySelector?.("form");

/** Listens to plugins; they may have been loaded after the tag. */
export const adapt = (settle, reported) => {
  if (adapted) return;
  adapted = true;
  for (const name in EVENTS) addEventListener(name, ({ target }) => settle(formOf(target), EVENTS[name], name), true);
  addEventListener("turbo:submit-end", ({ target, detail }) => settle(target, detail.success ? "confirmed" : "failed", "turbo:submit-end"), true);
  // HubSpot's new editor tells its own form; its fields come with it.
  addEventListener("hs-form-event:on-submission:success", async (event) => {
    const form = window.HubspotFormsV4?.getFormFromEvent?.(event);
    const values = {};
    for (const { name, value } of await form?.getFormFieldValues?.() || []) values[name.replace(/^.*\//, "")] = value;
    reported(hubspot(values), "HubSpot", event.type);
  });
  window.jQuery?.(document).on(JQUERY, ({ type, target }) => settle(formOf(target) || lastForm(), "confirmed", type));
  // Nothing may be returned to Marketo: `false` would keep it from leading on.
  window.MktoForms2?.whenReady((form) => form.onSuccess((values) => {
    reported(marketo(values), "Marketo", "marketo");
  }));
};

const lastForm = () => document.activeElement?.form || document.forms[0];

const pick = (names) => (values) =>
  Object.fromEntries(Object.entries(names).filter(([, from]) => values[from]).map(([to, from]) => [to, values[from]]));

export const hubspot = pick({ email: "email", given_name: "firstname", family_name: "lastname", company: "company", phone: "phone", title: "jobtitle" });
const marketo = pick({ email: "Email", given_name: "FirstName", family_name: "LastName", company: "Company", phone: "Phone", title: "Title" });
