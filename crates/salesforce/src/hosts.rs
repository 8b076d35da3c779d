//! Which hosts may see a token (contract 1.1).

use url::{Host, Url};

/// Where an org's people log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Environment {
    /// `login.salesforce.com`
    Production,
    /// `test.salesforce.com`
    Sandbox,
    /// The org's own address. The client-credentials flow works only here.
    MyDomain(Url),
}

/// An address that no token may be sent to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// No address at all.
    #[error("this is not a web address")]
    NotAnAddress,
    /// Not https, and not one of the addresses the operator allowed.
    #[error("only https addresses are allowed")]
    NotHttps,
    /// A name or password in front of the host, which only serves to deceive.
    #[error("the address must not contain a user name or password")]
    UserInfo,
    /// A port of its own; Salesforce has none.
    #[error("the address must not contain a port")]
    Port,
    /// A host that is not Salesforce's.
    #[error("{0:?} is not a host of Salesforce")]
    ForeignHost(String),
}

/// Domains under which Salesforce alone gives out names, or is the only server.
const DOMAINS: &[&str] = &["salesforce.com", "force.com", "salesforce.mil", "cloudforce.com"];

/// Hosts people copy from their browser, and the host OAuth and the API answer on instead.
const BROWSER_SUFFIXES: &[(&str, &str)] = &[
    (".lightning.force.com", ".my.salesforce.com"),
    (".my.salesforce-setup.com", ".my.salesforce.com"),
    (".lightning.salesforce.mil", ".my.salesforce.mil"),
];

/// Decides whether an address belongs to Salesforce, or was allowed by the operator.
///
/// Every login host, instance and identity address is checked before a secret goes there.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts {
    extra: Vec<Url>,
}

impl Environment {
    /// The base address for logging in.
    pub fn login_url(&self) -> Url {
        match self {
            Self::Production => fixed("https://login.salesforce.com/"),
            Self::Sandbox => fixed("https://test.salesforce.com/"),
            Self::MyDomain(url) => url.clone(),
        }
    }

    /// The audience that JWTs for this environment name.
    pub fn audience(&self) -> String {
        self.login_url().origin().ascii_serialization()
    }
}

impl AllowedHosts {
    /// Salesforce's hosts and, exactly as given in scheme, host and port, the operator's own.
    pub fn new(extra: impl IntoIterator<Item = Url>) -> Self {
        Self { extra: extra.into_iter().collect() }
    }

    /// Reads an address as a person types it, with or without `https://`, and checks it.
    ///
    /// Returns the base address: scheme, host and port without path. The address of a Lightning or
    /// set-up page becomes the My Domain address that OAuth and the API answer on.
    ///
    /// # Errors
    /// [`HostError`], also for Salesforce-like names of someone else.
    pub fn read(&self, typed: &str) -> Result<Url, HostError> {
        let typed = typed.trim();
        let with_scheme = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let mut url = Url::parse(&with_scheme).map_err(|_| HostError::NotAnAddress)?;
        if let Some(api_host) = url.host_str().and_then(api_host) {
            url.set_host(Some(&api_host)).map_err(|_| HostError::NotAnAddress)?;
        }
        self.check(&url)?;
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        Ok(url)
    }

    /// Checks an address.
    ///
    /// # Errors
    /// [`HostError`]
    pub fn check(&self, url: &Url) -> Result<(), HostError> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(HostError::UserInfo);
        }
        if self.extra.iter().any(|extra| extra.origin().is_tuple() && extra.origin() == url.origin()) {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err(HostError::NotHttps);
        }
        if url.port().is_some() {
            return Err(HostError::Port);
        }
        let host = url.host_str().unwrap_or_default();
        match url.host() {
            Some(Host::Domain(domain)) if is_salesforce(domain) => Ok(()),
            _ => Err(HostError::ForeignHost(host.to_owned())),
        }
    }
}

pub(crate) fn is_salesforce(domain: &str) -> bool {
    // The parser has lower-cased the name and turned other scripts into xn--, so ASCII is enough.
    let under = |parent: &&str| domain.strip_suffix(*parent).is_some_and(|name| name.ends_with('.'));
    DOMAINS.iter().any(under)
}

fn api_host(browser_host: &str) -> Option<String> {
    let renamed = |(from, to): &(&str, &str)| Some(format!("{}{to}", browser_host.strip_suffix(from)?));
    BROWSER_SUFFIXES.iter().find_map(renamed)
}

/// Reads an address that stands in this library.
#[expect(clippy::expect_used, reason = "the argument is one of four constants, and tests parse them all")]
pub(crate) fn fixed(url: &'static str) -> Url {
    Url::parse(url).expect("a constant address")
}
