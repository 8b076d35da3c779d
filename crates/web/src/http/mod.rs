//! What every request and answer goes through: forms, languages, headers, error pages, problem details.

pub mod client_address;
pub mod csv_line;
pub mod form;
pub mod json;
pub mod language;
pub mod page_error;
pub mod problem;
pub mod redirect;
pub mod request_body;
pub mod request_span;
pub mod same_origin;
pub mod security_headers;
pub mod strict_json;
