//! The inputs of a mailing, and how they are read.

use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::mailing::{Audience, MailingContent};
use domain::people::PersonFields;
use domain::segment::Segment;
use domain::value::Language;

/// What the name of an audience that is a segment begins with.
const SEGMENT: &str = "segment:";

fn audience_name(audience: &Audience) -> String {
    match audience {
        Audience::Everyone => audience.name().to_owned(),
        Audience::Segment { segment } => format!("{SEGMENT}{segment}"),
    }
}

/// What a mailing says, as a form.
pub(super) fn of_content(content: &MailingContent) -> Form {
    Form::of([
        ("name", content.name.clone()),
        ("language", content.language.tag().to_owned()),
        ("audience", audience_name(&content.audience)),
        ("subject", content.subject.clone()),
        ("text", content.text.clone()),
        ("html", content.html.clone()),
    ])
}

/// What was typed.
pub(super) fn read(form: &Form) -> MailingContent {
    MailingContent {
        name: form.text("name").to_owned(),
        language: Language::from_tag(form.text("language")).unwrap_or_default(),
        audience: match form.text("audience").strip_prefix(SEGMENT).and_then(|id| id.parse().ok()) {
            Some(segment) => Audience::Segment { segment },
            None => Audience::Everyone,
        },
        subject: form.text("subject").to_owned(),
        text: form.text("text").replace("\r\n", "\n"),
        html: form.text("html").replace("\r\n", "\n"),
    }
}

/// The inputs with what was typed or is kept.
pub(super) fn inputs(
    t: &Translator,
    form: &Form,
    (fields, segments): (&PersonFields, &[Segment]),
) -> Vec<Input> {
    let line = |name: &str, key: &str| Input::line(t, name, t.text(key), form.text(name));
    let languages =
        Language::ALL.map(|one| (one.tag().to_owned(), t.word("notification-language", one.tag())));
    let mut audiences = vec![("everyone".to_owned(), t.word("mailing-audience", "everyone"))];
    audiences.extend(segments.iter().map(|one| {
        (format!("{SEGMENT}{}", one.id), t.fill("mailing-audience-of-segment", "name", &one.name))
    }));
    let placeholders: Vec<String> =
        fields.fields.iter().map(|field| format!("{{{{{}}}}}", field.name)).collect();
    let hint = t.fill("mailing-text-hint", "placeholders", t.list(&placeholders));
    vec![
        line("name", "mailing-name").required(true).hint(t.text("mailing-name-hint")),
        line("audience", "mailing-audience")
            .choices(Control::Select, audiences, &[form.text("audience").to_owned()])
            .medium()
            .hint(t.text("mailing-audience-hint")),
        line("language", "mailing-language")
            .choices(Control::Select, languages.to_vec(), &[form.text("language").to_owned()])
            .medium()
            .hint(t.text("mailing-language-hint")),
        line("subject", "mailing-subject"),
        line("text", "mailing-text").of(Control::Area).hint(hint),
        line("html", "mailing-html").of(Control::Area).hint(t.text("mailing-html-hint")),
    ]
}
