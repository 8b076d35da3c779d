//! A connection to the mail server that tells whether a mail that failed can have been taken.

use crate::channel::send_error::excerpt;
use domain::mailing::{RefusalStage, Reply};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use std::time::Duration;
use url::Url;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    None,
    IfOffered,
    Required,
    FromTheStart,
}

/// Where and how the mail server is reached.
#[derive(Clone)]
pub(crate) struct SmtpServer {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
    hello: ClientId,
    timeout: Duration,
}

/// What came of a mail, and what the server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handover {
    /// What is known of it.
    pub(crate) reply: Reply,
    /// The server's words, or ours about the connection.
    pub(crate) said: String,
}

impl SmtpServer {
    /// Reads an address whose protection is spelt out; `None` if it can't be one.
    pub(crate) fn of(url: &Url, decoded: impl Fn(&str) -> String, timeout: Duration) -> Option<Self> {
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (protection, port) = match (url.scheme(), tls.as_deref()) {
            ("smtps", _) => (Protection::FromTheStart, 465),
            ("smtp", Some("required")) => (Protection::Required, 587),
            ("smtp", Some(_)) => (Protection::IfOffered, 587),
            ("smtp", None) => (Protection::None, 25),
            _ => return None,
        };
        let named = url.path().trim_matches('/');
        let hello = if named.is_empty() { ClientId::default() } else { ClientId::Domain(named.to_owned()) };
        let password = url.password().map(&decoded);
        Some(Self {
            host: url.host_str()?.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            protection,
            credentials: password.map(|password| Credentials::new(decoded(url.username()), password)),
            hello,
            timeout,
        })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let tls = || TlsParameters::new(self.host.clone());
        let wrapped = if self.protection == Protection::FromTheStart { Some(tls()?) } else { None };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &self.hello, wrapped, None)
                .await?;
        let upgrades = match self.protection {
            Protection::Required => true,
            Protection::IfOffered => connection.can_starttls(),
            Protection::None | Protection::FromTheStart => false,
        };
        if upgrades {
            connection.starttls(tls()?, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// A connection that is opened when it is needed and kept for the next mail.
pub(crate) struct SmtpConnection {
    server: SmtpServer,
    open: Option<AsyncSmtpConnection>,
}

impl SmtpConnection {
    /// Opens nothing yet.
    pub(crate) const fn new(server: SmtpServer) -> Self {
        Self { server, open: None }
    }

    /// Hands over a mail. `may_send` is asked directly before its content goes out.
    pub(crate) async fn send(
        &mut self,
        from: &Address,
        to: &Address,
        mail: &[u8],
        may_send: impl Fn() -> bool,
    ) -> Handover {
        let was_open = self.open.is_some();
        let mut handover = self.try_once(from, to, mail, &may_send).await;
        // A connection that lay idle may be gone; nothing of the mail was handed over on it.
        if was_open && self.open.is_none() && handover.reply == Reply::NotSent {
            handover = self.try_once(from, to, mail, &may_send).await;
        }
        handover
    }

    async fn try_once(
        &mut self,
        from: &Address,
        to: &Address,
        mail: &[u8],
        may_send: &impl Fn() -> bool,
    ) -> Handover {
        let prepared = tokio::time::timeout(self.server.timeout, self.prepare(from, to)).await;
        match prepared {
            Ok(Ok(())) => {}
            Ok(Err(handover)) => return self.after(handover).await,
            Err(_) => {
                self.open = None;
                return not_sent("timed out");
            }
        }
        let Some(connection) = self.open.as_mut().filter(|_| may_send()) else {
            self.open = None;
            return not_sent("the lease was over");
        };
        match tokio::time::timeout(self.server.timeout, connection.message(mail)).await {
            Ok(Ok(response)) => {
                let words: Vec<&str> = response.message().collect();
                let said = excerpt(&format!("{} {}", response.code(), words.join(" ")));
                Handover { reply: Reply::Accepted, said }
            }
            Ok(Err(error)) if error.status().is_some() => {
                self.after(refused(&error, RefusalStage::Content)).await
            }
            Ok(Err(error)) => {
                self.open = None;
                Handover { reply: Reply::Lost, said: excerpt(&error.to_string()) }
            }
            Err(_) => {
                self.open = None;
                Handover { reply: Reply::Lost, said: "timed out".to_owned() }
            }
        }
    }

    /// Everything before the mail's content.
    async fn prepare(&mut self, from: &Address, to: &Address) -> Result<(), Handover> {
        let session = |error: Error| refused(&error, RefusalStage::Session);
        if self.open.is_none() {
            self.open = Some(self.server.connect().await.map_err(session)?);
        }
        let Some(connection) = self.open.as_mut() else { return Err(not_sent("not connected")) };
        connection.command(Mail::new(Some(from.clone()), Vec::new())).await.map_err(session)?;
        let recipient = |error: Error| refused(&error, RefusalStage::Recipient);
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(recipient)?;
        let content = |error: Error| refused(&error, RefusalStage::Content);
        connection.command(Data).await.map_err(content).map(drop)
    }

    /// After a refusal the connection goes on if the server still talks.
    async fn after(&mut self, handover: Handover) -> Handover {
        let goes_on = match &handover.reply {
            Reply::Refused { code, .. } => *code != 421,
            _ => false,
        };
        let reset = async {
            match self.open.as_mut().filter(|_| goes_on) {
                Some(connection) => connection.command(Rset).await.is_ok(),
                None => false,
            }
        };
        if !tokio::time::timeout(self.server.timeout, reset).await.unwrap_or(false) {
            self.open = None;
        }
        handover
    }

    /// Says goodbye, as far as the server listens.
    pub(crate) async fn close(&mut self) {
        if let Some(mut connection) = self.open.take() {
            let _ = tokio::time::timeout(Duration::from_secs(1), connection.quit()).await;
        }
    }
}

fn not_sent(said: &str) -> Handover {
    Handover { reply: Reply::NotSent, said: said.to_owned() }
}

fn refused(error: &Error, stage: RefusalStage) -> Handover {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => {
            let said = excerpt(&format!("{code} {source}"));
            let code = code.to_string().parse().unwrap_or(0);
            let status = source.split_whitespace().next().unwrap_or_default().to_owned();
            Handover { reply: Reply::Refused { code, stage, status }, said }
        }
        None => not_sent(&excerpt(&format!("{error} {source}"))),
    }
}
