//! The inputs of an upload, and the faults of a file as texts.

use crate::http::form::Form;
use crate::http::request_body::MAX_FILE;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::router::{ListKey, ListKind, LookupList};
use domain::value::FieldProblem;

/// The inputs of an upload.
pub struct UploadInputs {
    /// In the order of the page.
    pub list: Vec<Input>,
}

impl UploadInputs {
    /// With what was typed; name, type and key are those of the list where there is one.
    pub fn of(t: &Translator, form: &Form, known: Option<&LookupList>) -> Self {
        let line = |name: &str, label: &str| Input::line(t, name, t.text(label), form.text(name));
        let mut list = Vec::new();
        if known.is_none() {
            list.push(line("name", "csv-list-input-name").medium().required(true));
            let slug = line("slug", "csv-list-input-slug").medium().required(true);
            list.push(slug.hint(t.text("csv-list-input-slug-hint")));
            let kinds =
                ListKind::ALL.map(|kind| (kind.name().to_owned(), t.word("csv-list-kind", kind.name())));
            let chosen = form.find("kind").unwrap_or(ListKind::Values.name()).to_owned();
            list.push(line("kind", "csv-list-input-kind").choices(Control::Select, kinds.into(), &[chosen]));
            let keys = ListKey::ALL.map(|key| (key.name().to_owned(), t.word("route-key", key.name())));
            let chosen = form.find("by").unwrap_or(ListKey::Email.name()).to_owned();
            let by = line("by", "csv-list-input-by").choices(Control::Select, keys.into(), &[chosen]);
            list.push(by.hint(t.text("csv-list-input-by-hint")));
        }
        let file = Input::line(t, "file", t.text("csv-list-input-file"), "").of(Control::Line("file"));
        let hint = t.fill("csv-list-input-file-hint", "max", MAX_FILE / 1024 / 1024);
        list.push(file.required(true).hint(hint));
        if known.is_none_or(|known| known.kind != ListKind::Table) {
            let skip = line("skip_faulty", "csv-list-input-skip").switch(form.is_on("skip_faulty"));
            list.push(skip.hint(t.text("csv-list-input-skip-hint")));
        }
        Self { list }
    }

    /// All of them, for placing faults.
    pub fn all(&mut self) -> impl Iterator<Item = &mut Input> {
        self.list.iter_mut()
    }
}

/// The faults of lines as texts, and the others.
pub fn line_texts(t: &Translator, problems: &[FieldProblem]) -> (Vec<String>, Vec<FieldProblem>) {
    let mut lines = Vec::new();
    let mut others = Vec::new();
    for problem in problems {
        let line = problem.field.strip_prefix("lines[").and_then(|rest| rest.split(']').next());
        match line {
            Some(line) => lines.push(t.sentence(
                "csv-list-fault-line",
                [("line", line.to_owned()), ("problem", t.problem(problem))],
            )),
            None => others.push(problem.clone()),
        }
    }
    (lines, others)
}
