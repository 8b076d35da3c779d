//! A row of a file with people: understood exactly, or a fault of its own (S2, S3).

use crate::people::{EMAIL, PersonFieldKind, PersonFields, Values, email_key};
use crate::value::{Decimal, FieldProblem, NumberUnit, clean_text, read_day};

/// Characters of a value at most.
const MAX_VALUE: usize = 32_768;

/// Which column holds which person field; columns of others are none of the import's business only if they are blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportColumns {
    names: Vec<String>,
}

impl ImportColumns {
    /// Reads the first row: each cell is the name or the label of a person field. `label` gives what people read of a
    /// standard field, in the languages of this server.
    ///
    /// # Errors
    /// Columns that are unknown or come twice, or none with the e-mail address.
    pub fn read(
        cells: &[&str],
        fields: &PersonFields,
        labels: &[(String, String)],
    ) -> Result<Self, Vec<FieldProblem>> {
        let (mut names, mut problems) = (Vec::new(), Vec::new());
        for cell in cells {
            let word = cell.trim();
            let by_name = fields.find(word).map(|field| field.name.clone());
            let by_label = || {
                let own = fields.fields.iter().find(|field| !field.label.is_empty() && field.label == word);
                let known = labels.iter().find(|(_, label)| label == word).map(|(name, _)| name.clone());
                own.map(|field| field.name.clone()).or(known.filter(|name| fields.find(name).is_some()))
            };
            match by_name.or_else(by_label) {
                Some(name) if names.contains(&name) => {
                    problems.push(FieldProblem::new("lines[1]", "import-column-twice").with("value", word));
                }
                Some(name) => names.push(name),
                None => {
                    problems.push(FieldProblem::new("lines[1]", "no-such-person-field").with("value", word));
                }
            }
        }
        if problems.is_empty() && !names.iter().any(|name| name == EMAIL) {
            problems.push(FieldProblem::new("lines[1]", "import-no-email-column"));
        }
        if problems.is_empty() { Ok(Self { names }) } else { Err(problems) }
    }

    /// The values of a row; blank cells say nothing.
    ///
    /// # Errors
    /// The first cell at fault, by its column.
    pub fn row(&self, cells: &[&str], fields: &PersonFields) -> Result<Values, FieldProblem> {
        if let Some(stray) = cells.iter().skip(self.names.len()).find(|cell| !cell.trim().is_empty()) {
            let shown: String = stray.chars().take(50).collect();
            return Err(FieldProblem::new("", "list-cell-beyond").with("value", shown));
        }
        let mut values = Values::new();
        for (name, cell) in self.names.iter().zip(cells) {
            let text = clean_text(cell).trim().to_owned();
            let Some(field) = fields.find(name).filter(|_| !text.is_empty()) else { continue };
            let value = import_value(field.kind, &text).map_err(|code| {
                let shown: String = text.chars().take(100).collect();
                FieldProblem::new(name.as_str(), code).with("value", shown).with("max", MAX_VALUE)
            })?;
            values.insert(name.clone(), value);
        }
        match values.get(EMAIL) {
            None => Err(FieldProblem::new(EMAIL, "required")),
            Some(_) => Ok(values),
        }
    }
}

/// A cell as a person stores it: `yyyy/mm/dd` becomes `yyyy-mm-dd`, everything else stays as it is or is refused.
fn import_value(kind: PersonFieldKind, text: &str) -> Result<String, &'static str> {
    if text.chars().count() > MAX_VALUE {
        return Err("too-long");
    }
    match kind {
        PersonFieldKind::Date => read_day(text).map(|day| day.to_string()).ok_or("not-a-day"),
        PersonFieldKind::Number => match Decimal::parse(text, NumberUnit::None) {
            Some(_) => Ok(text.to_owned()),
            None => Err("not-a-number"),
        },
        PersonFieldKind::Email if email_key(text).is_empty() => Err("not-an-email"),
        _ => Ok(text.to_owned()),
    }
}
