//! Companies: their import's settings, fields and options (Y).

mod check;
mod company;
mod field;
mod options;
mod preview;
mod settings;

pub use check::{
    CheckedImport, MAX_CONDITIONS, UsableMapping, add_missing_fields, check_company_import, check_conditions,
    check_mappings, find_mappable, objects_to_describe, usable_mappings,
};
pub use company::{CompanyStatus, NAME, fields, name, paths, stream};
pub use field::{CompanyField, CompanyFieldKind, MAX_COMPANY_FIELDS, check_company_fields, free_key};
pub use options::{CompanyOption, CompanyOptions, follow, follow_all};
pub use preview::{CompanyPreview, SampleCompany};
pub use settings::{CompanyImport, CompanyMapping, CompanyObject, MAX_HOURS, OnRemoval, check_every_hours};
