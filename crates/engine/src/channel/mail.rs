//! Mail through the operator's SMTP server.

use crate::channel::send_error::{SendError, excerpt};
use crate::channel::smtp::SmtpServer;
use domain::notification::MessageText;
use domain::value::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use std::time::{Duration, SystemTime};
use url::{Host, Url};

/// A mail server and the address in whose name it is used.
#[derive(Clone)]
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    smtp: SmtpServer,
    from: Mailbox,
}

/// Why a mail server can't be used as it is configured. No error holds the address, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailServerError {
    /// The address is none.
    #[error(
        "SMTP_URL is not an address such as smtps://user:password@mail.example.com or smtp://mail.example.com:587"
    )]
    Address,
    /// The sender is no mail address.
    #[error("SMTP_FROM is not a mail address such as tsugite@example.com or Tsugite <tsugite@example.com>")]
    Sender,
    /// There is no sender.
    #[error("SMTP_FROM is needed, because the user in SMTP_URL is not a mail address")]
    NoSender,
}

impl MailServer {
    /// Reads the configured address; nothing is sent yet.
    ///
    /// `smtps://` speaks TLS from the start. `smtp://` turns to TLS with STARTTLS where the server offers it, and
    /// insists on it where a password would be sent; `?tls=none` goes without. The sender is the address's user
    /// when `from` is missing. `timeout` bounds each exchange.
    ///
    /// # Errors
    /// [`MailServerError`]
    pub fn new(
        address: &SecretString,
        from: Option<&str>,
        timeout: Duration,
    ) -> Result<Self, MailServerError> {
        let url = Url::parse(address.expose_secret()).map_err(|_| MailServerError::Address)?;
        let from = match from {
            Some(from) => from.parse().map_err(|_| MailServerError::Sender)?,
            None => sender(&url).ok_or(MailServerError::NoSender)?,
        };
        let url = with_tls(url).ok_or(MailServerError::Address)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())
            .map_err(|_| MailServerError::Address)?
            .timeout(Some(timeout))
            .build();
        let smtp = SmtpServer::of(&url, percent_decoded, timeout).ok_or(MailServerError::Address)?;
        Ok(Self { transport, smtp, from })
    }

    /// The address in whose name mails are sent.
    pub fn from(&self) -> String {
        self.from.email.to_string()
    }

    /// The mailbox in whose name mails are sent.
    pub(crate) const fn sender(&self) -> &Mailbox {
        &self.from
    }

    /// Where the server is, for connections of one's own.
    pub(crate) const fn smtp(&self) -> &SmtpServer {
        &self.smtp
    }

    /// Sends a mail and gives the server's answer.
    pub(crate) async fn send(
        &self,
        to: &str,
        reference: &str,
        wording: &MessageText,
        now: Timestamp,
    ) -> Result<String, SendError> {
        let unusable = |error: &dyn fmt::Display| SendError::Refused {
            said: excerpt(&error.to_string()),
            for_good: true,
            pause: None,
        };
        let to: Mailbox = to.parse().map_err(|error: lettre::address::AddressError| unusable(&error))?;
        let seconds = Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0));
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&wording.subject)
            .date(SystemTime::UNIX_EPOCH + seconds)
            // Sent again after a lost answer, it is the same mail.
            .message_id(Some(format!("<{reference}@{}>", self.from.email.domain())))
            .raw_header(fixed("Auto-Submitted", "auto-generated"))
            .raw_header(fixed("Content-Language", wording.language.tag()))
            .multipart(MultiPart::alternative_plain_html(wording.plain(), wording.html()))
            .map_err(|error| unusable(&error))?;
        match self.transport.send(message).await {
            Ok(answer) => {
                let words: Vec<&str> = answer.message().collect();
                Ok(excerpt(&format!("{} {}", answer.code(), words.join(" "))))
            }
            Err(error) => Err(refusal(&error)),
        }
    }
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer(from {})", self.from.email)
    }
}

fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The user of the address, when it is a mail address.
fn sender(url: &Url) -> Option<Mailbox> {
    percent_decoded(url.username()).parse().ok()
}

/// `user%40example.com` as `user@example.com`.
fn percent_decoded(text: &str) -> String {
    // A form's pair is decoded in the same way, but for `+` and `&`.
    let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// The address with the protection of passwords spelt out; `None` if the scheme or protection is unknown.
fn with_tls(mut url: Url) -> Option<Url> {
    let chosen = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let near = match url.host()? {
        // Under `smtp:` numbers are names to the parser.
        Host::Domain(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|one| one.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let tls = match (url.scheme(), chosen.as_deref()) {
        ("smtps", None) | ("smtp", Some("none")) => None,
        ("smtp", Some("required")) => Some("tls=required"),
        ("smtp", Some("opportunistic")) => Some("tls=opportunistic"),
        ("smtp", None) if url.password().is_some() && !near => Some("tls=required"),
        ("smtp", None) => Some("tls=opportunistic"),
        _ => return None,
    };
    url.set_query(tls);
    Some(url)
}

fn refusal(error: &Error) -> SendError {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => {
            let said = excerpt(&format!("{code} {cause}"));
            // 55x is about this mail or its recipient; other refusals, such as of a password, can be fixed.
            let number = code.to_string();
            SendError::Refused { said, for_good: number.starts_with("55"), pause: None }
        }
        None => {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(error).and_then(std::error::Error::source);
            while let Some(cause) = source {
                text.push_str(": ");
                text.push_str(&cause.to_string());
                source = cause.source();
            }
            SendError::Unreachable(excerpt(&text))
        }
    }
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
