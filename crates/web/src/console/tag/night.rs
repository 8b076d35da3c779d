//! The last night's comparison of conversions and Leads, in words.

use crate::text::translator::Translator;
use domain::tag::Reconciliation;

/// Which time was looked at.
pub fn title(t: &Translator, last: &Reconciliation) -> String {
    t.sentence("tag-night-when", [("from", t.date_time(last.from)), ("until", t.date_time(last.until))])
}

/// What is as it should be, by form.
pub fn lines(t: &Translator, last: &Reconciliation) -> Vec<String> {
    let leads = last.leads.as_ref().filter(|leads| leads.without_conversion == 0);
    let leads = leads.map(|leads| t.fill("tag-night-leads", "count", leads.created));
    let form = |form: &domain::tag::FormReport| {
        let values = [
            ("form", form.form.clone()),
            ("count", form.conversions.to_string()),
            ("attempts", form.without_success.to_string()),
        ];
        t.sentence("tag-night-form", values)
    };
    leads.into_iter().chain(last.forms.iter().map(form)).collect()
}

/// What calls for a look.
pub fn warnings(t: &Translator, last: &Reconciliation) -> Vec<String> {
    let mut warnings = Vec::new();
    match &last.leads {
        None => warnings.push(t.text("tag-night-not-asked")),
        Some(leads) if leads.without_conversion > 0 => {
            let values =
                [("count", leads.without_conversion.to_string()), ("all", leads.created.to_string())];
            warnings.push(t.sentence("tag-night-unseen", values));
        }
        Some(_) => {}
    }
    for form in &last.forms {
        if let Some(count) = form.without_lead.filter(|count| *count > 0) {
            let values = [("form", form.form.clone()), ("count", count.to_string())];
            warnings.push(t.sentence("tag-night-missing", values));
        }
    }
    warnings.extend(last.silent.iter().map(|form| t.fill("tag-night-silent", "form", form)));
    warnings
}
