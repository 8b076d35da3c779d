//! Small types that everything else is made of: ids, times, addresses, names, problems, steps.

mod company_domain;
mod corporate_number;
mod day;
mod decimal;
mod email;
mod field_problem;
mod id;
mod language;
mod person_name;
mod placeholder;
mod search_key;
mod slug;
mod step;
mod suggest;
mod timestamp;
mod typed_text;

pub use company_domain::{company_domain, company_domain_in, company_domain_of, domain_keys, host_name};
pub use corporate_number::corporate_number;
pub use day::read_day;
pub use decimal::{Decimal, NumberUnit};
pub use email::{EmailAddress, EmailError};
pub use field_problem::FieldProblem;
pub use id::*;
pub use language::Language;
pub use person_name::PersonName;
pub use placeholder::{TemplatePiece, template_pieces};
pub use search_key::search_key;
pub use slug::is_slug;
pub use step::Step;
pub(crate) use suggest::MAX_HINTS;
pub use suggest::suggestions;
pub use timestamp::Timestamp;
pub use typed_text::{clean_line, clean_text, fold_width, match_key, tidy_line};
