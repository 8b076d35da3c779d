//! What people read of the standard person fields, in every language of this server, to recognise columns of files.

use crate::text::translator::Translator;
use domain::people::STANDARD_PERSON_FIELDS;
use domain::value::Language;

/// Names with their labels.
pub fn person_labels() -> Vec<(String, String)> {
    let languages = [Language::Japanese, Language::English].map(|language| Translator::new(language, "UTC"));
    let of =
        |t: &Translator| STANDARD_PERSON_FIELDS.map(|name| (name.to_owned(), t.word("person-field", name)));
    languages.iter().flat_map(of).collect()
}
