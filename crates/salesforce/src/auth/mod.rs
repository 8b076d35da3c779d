//! OAuth: how a token is got, renewed and given up (contract 1).
//!
//! Requests are built without I/O and sent by [`TokenRequest::send`], which checks every host first.

mod client_credentials;
mod connected_app;
mod jwt_bearer;
mod jwt_key;
mod refresh;
mod revoke;
mod token;
mod token_error;
mod token_request;
mod web_server;

pub use connected_app::ConnectedApp;
pub use jwt_bearer::sign_assertion;
pub use jwt_key::{JwtKey, KeyError};
pub use revoke::revoke;
pub use token::{Identity, Token};
pub use token_error::TokenError;
pub use token_request::TokenRequest;
pub use web_server::{Authorization, Callback, code_challenge};
