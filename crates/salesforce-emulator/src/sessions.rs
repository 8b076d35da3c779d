//! Sessions: tokens, authorization codes and their lifetimes.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value as Json, json};

use crate::org::ids::RecordId;

/// Seconds an authorization code lives.
const CODE_SECONDS: i64 = 15 * 60;

/// What a token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The user who signed in.
    pub(crate) user: RecordId,
    /// What was asked for, space separated.
    pub(crate) scope: String,
}

impl Grant {
    /// Whether the scope has this word, or one that means it too.
    pub(crate) fn allows(&self, word: &str) -> bool {
        self.scope.split_whitespace().any(|scope| scope == word || scope == "full" && word != "refresh_token")
    }
}

#[derive(Clone, Debug)]
struct Access {
    grant: Grant,
    used: Timestamp,
    refresh: Option<String>,
}

/// A code on its way from the consent page to the token endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    /// What the token will stand for.
    pub(crate) grant: Grant,
    /// The address the code was sent to.
    pub(crate) redirect_uri: String,
    /// The PKCE challenge, if one was given.
    pub(crate) challenge: Option<String>,
    /// What an id token has to repeat, if the client asked for that.
    pub(crate) nonce: Option<String>,
    issued: Timestamp,
}

/// Access tokens, refresh tokens and codes.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    access: HashMap<String, Access>,
    refresh: HashMap<String, Grant>,
    codes: HashMap<String, Code>,
    browsers: HashMap<String, RecordId>,
    approved: HashSet<RecordId>,
}

/// What an access token turned out to be.
#[derive(Debug)]
pub(crate) enum Checked {
    /// It is good.
    Good(Grant),
    /// It never was, or is no longer.
    Dead,
}

impl Sessions {
    /// A new access token; `refresh` is the refresh token that made it, so that they die together.
    pub(crate) fn issue_access(
        &mut self,
        org: RecordId,
        grant: Grant,
        now: Timestamp,
        refresh: Option<&str>,
    ) -> String {
        let token = format!("{}!AQ{}", org.short(), secret(66));
        let access = Access { grant, used: now, refresh: refresh.map(str::to_owned) };
        self.access.insert(token.clone(), access);
        token
    }

    /// A new refresh token.
    pub(crate) fn issue_refresh(&mut self, grant: Grant) -> String {
        let token = format!("5Aep861{}", secret(54));
        self.refresh.insert(token.clone(), grant);
        token
    }

    /// The refresh tokens, to store them between runs.
    pub(crate) fn refresh_tokens(&self) -> Json {
        let token = |(token, grant): (&String, &Grant)| json!({"token": token, "user": grant.user.to_string(), "scope": grant.scope});
        Json::Array(self.refresh.iter().map(token).collect())
    }

    /// Restores stored refresh tokens.
    pub(crate) fn restore(&mut self, tokens: &Json) {
        for entry in tokens.as_array().into_iter().flatten() {
            let text = |key: &str| entry.get(key).and_then(Json::as_str).map(str::to_owned);
            let user = text("user").as_deref().and_then(RecordId::parse);
            if let (Some(token), Some(user), Some(scope)) = (text("token"), user, text("scope")) {
                self.refresh.insert(token, Grant { user, scope });
            }
        }
    }

    /// A new authorization code.
    pub(crate) fn issue_code(
        &mut self,
        grant: Grant,
        redirect_uri: &str,
        challenge: Option<String>,
        nonce: Option<String>,
        now: Timestamp,
    ) -> String {
        let code = format!("aPrx{}==", secret(48));
        let entry = Code { grant, redirect_uri: redirect_uri.to_owned(), challenge, nonce, issued: now };
        self.codes.insert(code.clone(), entry);
        code
    }

    /// Takes a code, which works once and for a quarter of an hour.
    pub(crate) fn take_code(&mut self, code: &str, now: Timestamp) -> Option<Code> {
        let code = self.codes.remove(code)?;
        (now.as_second() - code.issued.as_second() <= CODE_SECONDS).then_some(code)
    }

    /// Looks an access token up and, when it is good, starts its idle time again.
    pub(crate) fn check(&mut self, token: &str, now: Timestamp, idle_minutes: u64) -> Checked {
        let Some(access) = self.access.get_mut(token) else { return Checked::Dead };
        let idle = now.as_second() - access.used.as_second();
        if idle > i64::try_from(idle_minutes).unwrap_or(i64::MAX).saturating_mul(60) {
            self.access.remove(token);
            return Checked::Dead;
        }
        access.used = now;
        Checked::Good(access.grant.clone())
    }

    /// What a refresh token stands for.
    pub(crate) fn refresh_grant(&self, token: &str) -> Option<Grant> {
        self.refresh.get(token).cloned()
    }

    /// Revokes a token; a refresh token together with its access tokens. Returns whether it existed.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        if self.access.remove(token).is_some() {
            return true;
        }
        let known = self.refresh.remove(token).is_some();
        self.access.retain(|_, access| access.refresh.as_deref() != Some(token));
        known
    }

    /// Revokes one access token, but not its refresh token.
    pub(crate) fn revoke_access(&mut self, token: &str) {
        self.access.remove(token);
    }

    /// Revokes a refresh token alone, as rotation does.
    pub(crate) fn retire_refresh(&mut self, token: &str) {
        self.refresh.remove(token);
    }

    /// Revokes every token.
    pub(crate) fn revoke_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
        self.codes.clear();
        self.approved.clear();
    }

    /// Remembers that a browser has signed in, and returns its cookie.
    pub(crate) fn open_browser(&mut self, user: RecordId) -> String {
        let cookie = secret(32);
        self.browsers.insert(cookie.clone(), user);
        cookie
    }

    /// Stores that a user has approved the app.
    pub(crate) fn approve(&mut self, user: RecordId) {
        self.approved.insert(user);
    }

    /// Whether a user has approved the app before.
    pub(crate) fn has_approved(&self, user: RecordId) -> bool {
        self.approved.contains(&user)
    }

    /// Who a browser has signed in as.
    pub(crate) fn browser(&self, cookie: &str) -> Option<RecordId> {
        self.browsers.get(cookie).copied()
    }
}

/// A random text of letters, digits, dots and underscores.
pub(crate) fn secret(length: usize) -> String {
    let mut bytes = vec![0; length];
    // Without randomness there is no way to go on; an all-zero token still keeps the emulator alive.
    let _ = SystemRandom::new().fill(&mut bytes);
    let mut text = URL_SAFE_NO_PAD.encode(&bytes).replace('-', ".");
    text.truncate(length);
    text
}
