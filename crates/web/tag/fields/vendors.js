// Forms of others that say by themselves what became of a submission.

const EVENTS = {
  wpcf7mailsent: "confirmed", wpcf7mailfailed: "likely", wpcf7invalid: "failed", wpcf7spam: "failed", wpcf7unaccepted: "failed",
  "smf.complete": "confirmed", "smf.invalid": "failed", "smf.confirm": "",
};
/** Events that only jQuery hears. */
const JQUERY = "wpformsAjaxSubmitSuccess fluentform_submission_success submit_success gform_confirmation_loaded nfFormSubmitResponse";

/** The form that somebody was in or sent last, for events that name none. */
let last;

const formOf = (target, detail) =>
  target.closest?.("form") || detail?.form?.[0] || target != document && target != document.body && target.querySelector?.("form") || last;

/** Libraries of the page, and how each tells. */
const LIBRARIES = {
  jQuery: (jQuery, { settle }) => jQuery(document).on(JQUERY, ({ type, target }, detail) => {
    // Only Ninja Forms tells by the same event of what it refused.
    const isRefused = Object.keys(detail?.response?.errors || {})[0];
    settle(formOf(target, detail), isRefused ? "failed" : "confirmed", type);
  }),
  // Nothing may be returned to Marketo: `false` would keep it from leading on.
  MktoForms2: (library, { reported }) => library.whenReady((form) => form.onSuccess((values) => {
    reported(marketo(values), "Marketo", "marketo");
  })),
};

const adapted = new Set();

/** Adapts to something once. */
const once = (name, does) => adapted.has(name) || adapted.add(name) && does();

/** Listens to plugins; called again and again, as a page may load its libraries late. */
export const adapt = (settle, reported) => {
  last = document.activeElement?.form || last;
  once("page", () => {
    addEventListener("submit", ({ target }) => { last = target; }, true);
    for (const name in EVENTS) addEventListener(name, ({ target }) => settle(formOf(target), EVENTS[name], name), true);
    addEventListener("turbo:submit-end", ({ target, detail }) => settle(target, detail.success ? "confirmed" : "failed", "turbo:submit-end"), true);
    // HubSpot's new editor tells its own form; its fields come with it.
    addEventListener("hs-form-event:on-submission:success", async (event) => {
      const form = window.HubspotFormsV4?.getFormFromEvent?.(event);
      const values = {};
      for (const { name, value } of await form?.getFormFieldValues?.() || []) values[name.replace(/^.*\//, "")] = value;
      reported(hubspot(values), "HubSpot", event.type);
    });
  });
  for (const name in LIBRARIES) if (window[name]) once(name, () => LIBRARIES[name](window[name], { settle, reported }));
};

const pick = (names) => (values) =>
  Object.fromEntries(Object.entries(names).filter(([, from]) => values[from]).map(([to, from]) => [to, values[from]]));

export const hubspot = pick({ email: "email", given_name: "firstname", family_name: "lastname", company: "company", phone: "phone", title: "jobtitle" });
const marketo = pick({ email: "Email", given_name: "FirstName", family_name: "LastName", company: "Company", phone: "Phone", title: "Title" });
