//! The tag on a customer's website: what it recognises as a conversion, and what follows (B5, E).

mod conversion;
mod diagnosis;
mod grade;
mod offer;
mod origin;
mod page_token;
mod popup;
mod reconciliation;
mod secret_value;
mod settings;
mod settings_input;
mod tag;
mod url_pattern;
mod values;

pub use conversion::{Conversion, ConversionValue, Report, ReportedField, ReportedForm};
pub use diagnosis::{
    Case, Certainty, ConversionFacts, Finding, PageFacts, PersonFacts, RoutedFacts, RouterVerdict, diagnose,
    overall,
};
pub use grade::Grade;
pub use offer::{FirstScreen, OfferSource, Wording};
pub use origin::{SiteOrigin, is_allowed};
pub use page_token::{PageToken, TOKEN_HOURS};
pub use popup::{
    ADDRESSES_A_DAY, CONFIRMED, NEVER_DAYS, QUIET_MINUTES, Silence, TYPED, VisitFacts, list_popup,
    may_answer_address, may_open,
};
pub use reconciliation::{
    ConversionSeen, FormReport, LeadReport, LeadSeen, OrgSeen, Reconciliation, is_silent, reconcile,
};
pub use secret_value::holds_secret;
pub use settings::{Caps, ConsentMode, OtherForms, TagForm, TagSettings, Then, VisitorRule};
pub use settings_input::{
    OtherFormsInput, RouterTarget, TagFormInput, TagInput, TagTargets, ThenInput, VisitorRuleInput,
    check_tag, typed,
};
pub use tag::{Tag, may_switch_on, other_tag_is_on};
pub use url_pattern::{is_url_pattern, matches_url};
pub use values::{MAX_VALUE, STANDARD_PROPERTIES, clean_values};
