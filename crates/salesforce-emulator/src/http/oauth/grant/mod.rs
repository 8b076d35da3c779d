//! The ways to get a token, one a file.

mod authorization_code;
mod client_credentials;
mod device;
mod jwt_bearer;
mod password;
mod refresh_token;

pub(super) use authorization_code::authorization_code;
pub(super) use client_credentials::client_credentials;
pub(super) use device::device;
pub(super) use jwt_bearer::jwt_bearer;
pub(super) use password::password;
pub(super) use refresh_token::refresh_token;
