//! Who the token belongs to, and which org it is (contract 1.5, 9).

use http::Method;
use serde::Deserialize;

use crate::client::Call;
use crate::soql::Select;
use crate::{Client, Error, Response, SalesforceId};

/// The user behind an access token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// The user.
    pub user_id: SalesforceId,
    /// The org.
    pub organization_id: SalesforceId,
    /// The login name, which looks like an e-mail address and need not be one.
    pub preferred_username: String,
    /// The full name.
    #[serde(default)]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The user's language, such as `ja`.
    #[serde(default)]
    pub language: Option<String>,
    /// The user's locale, such as `ja_JP`.
    #[serde(default)]
    pub locale: Option<String>,
    /// The user's time zone, such as `Asia/Tokyo`.
    #[serde(default, rename = "zoneinfo")]
    pub time_zone: Option<String>,
    /// Whether the user may log in.
    #[serde(default)]
    pub active: Option<bool>,
}

/// The org behind an access token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Organization {
    /// The org.
    pub id: SalesforceId,
    /// The company's name.
    pub name: String,
    /// The edition, such as `Enterprise Edition` or `Developer Edition`.
    #[serde(default)]
    pub organization_type: Option<String>,
    /// Whether it is a sandbox.
    #[serde(default)]
    pub is_sandbox: bool,
    /// The instance it runs on.
    #[serde(default)]
    pub instance_name: Option<String>,
    /// When a trial ends, as the org writes it; absent for a paid org.
    #[serde(default)]
    pub trial_expiration_date: Option<String>,
}

impl Client {
    /// Asks whom the token belongs to; the cheapest proof that it is alive.
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::SessionExpired`] for a dead token.
    pub async fn user_info(&self) -> Result<Response<UserInfo>, Error> {
        self.send_json(Call::new(Method::GET, "/services/oauth2/userinfo")).await
    }

    /// Reads the org's name and edition.
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::Unreadable`] when the org shows no row.
    pub async fn organization(&self) -> Result<Response<Organization>, Error> {
        const FIELDS: [&str; 6] =
            ["Id", "Name", "OrganizationType", "IsSandbox", "InstanceName", "TrialExpirationDate"];
        let soql = Select::from("Organization").fields(FIELDS).limit(1).build()?;
        let answer = self.query(&soql).await?;
        let row = answer.value.records.first().and_then(|row| row.read().ok());
        let unreadable =
            || Error::Unreadable { status: 200, reason: "no readable Organization row".to_owned() };
        let organization = row.ok_or_else(unreadable)?;
        Ok(answer.map(|_| organization))
    }
}
