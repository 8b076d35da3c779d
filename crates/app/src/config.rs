//! Configuration: `TSUGITE_*` variables and the same keys in a TOML file; unknown keys are errors.

use crate::http_server::ConnectionLimits;
use engine::MailServer;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use url::Url;
use web::TrustedProxies;

/// Every key, with what it is for; `--help` shows them.
pub(crate) const KEYS: [(&str, &str); 24] = [
    ("DATABASE_URL", "sqlite:FILE or postgres://…; default: a SQLite file in the data directory"),
    (
        "DATABASE_URL_FILE",
        "a file that contains DATABASE_URL; other users of the machine can read neither it nor, unlike an argument, see it among the processes",
    ),
    ("PUBLIC_URL", "the HTTPS URL at which visitors, admins and Salesforce reach this server"),
    (
        "SECRET_KEY",
        "random text of at least 32 characters that encrypts secrets; to rotate, several separated by commas (the first encrypts)",
    ),
    ("SECRET_KEY_FILE", "a file that contains SECRET_KEY"),
    (
        "SMTP_URL",
        "the mail server for notifications: smtps://user:password@host, or smtp://host:587 (STARTTLS if offered, always with a password; ?tls=none to disable); without it no email is sent",
    ),
    (
        "SMTP_FROM",
        "the sender of emails, such as Tsugite <tsugite@example.com>; default: the user in SMTP_URL",
    ),
    (
        "FRAME_ORIGINS",
        "websites that may show booking pages in a frame, separated by commas, such as https://www.example.com; default: none",
    ),
    ("EGRESS_IPS", "outgoing IP addresses of this server, separated by commas, shown on the connection page"),
    ("LISTEN", "address and port to listen on; default 127.0.0.1:8080"),
    (
        "MAX_CONNECTIONS",
        "connections at the same time; further clients wait; default 2000, or what the limit on open files allows",
    ),
    ("HEAD_TIMEOUT_SECONDS", "how long a client may take for the head of a request; default 10"),
    ("DRAIN_SECONDS", "how long requests under way may take at shutdown; default 20"),
    (
        "TRUSTED_PROXIES",
        "addresses or networks of reverse proxies whose X-Forwarded-For is believed, separated by commas, such as 127.0.0.1, 10.0.0.0/8",
    ),
    ("LOG", "what is logged, such as info or engine=debug,info; default info"),
    ("LOG_FORMAT", "how log lines are written: text or json; default text"),
    ("DATA_DIR", "the directory for files; default ./data"),
    (
        "ALLOWED_HOSTS",
        "URLs that may be called besides Salesforce's and Slack's own hosts, separated by commas, such as http://127.0.0.1:8791",
    ),
    (
        "CHANGE_EVENTS_URL",
        "where Salesforce's Pub/Sub API answers; default https://api.pubsub.salesforce.com:7443 (the European one is https://api.deu.pubsub.salesforce.com:7443)",
    ),
    ("SALESFORCE_TIMEOUT_SECONDS", "how long one call to Salesforce may take; default 30"),
    (
        "MAX_CLOCK_SKEW_SECONDS",
        "how far this machine's clock may be from the database's; a server with a greater difference does not start; default 60",
    ),
    ("CLOCK_OFFSET_SECONDS", "how far this process's clock is off; only for tests; default 0"),
    ("SPEED", "the speed of the clock; only for tests and demos; default 1"),
    ("SPEED_SINCE", "when that speed started, in seconds since 1970; default: the start of the process"),
];
/// Variables of tests and benches, which the binary doesn't read.
const FOREIGN: [&str; 2] = ["TEST_", "BENCH_"];

/// What a number may be.
#[derive(Clone, Copy)]
struct Wanted {
    below: f64,
    words: &'static str,
}

const USUAL: Wanted = Wanted { below: 100_000.0, words: "a number above 0 and below 100000" };
const MOMENT: Wanted = Wanted { below: 1e11, words: "seconds since 1970" };

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("the configuration file {path} can't be read")]
    File { path: PathBuf, source: std::io::Error },
    #[error("the configuration file {path} is not TOML with texts and numbers only")]
    Toml { path: PathBuf, source: toml::de::Error },
    #[error("there is no setting {0}; `tsugite serve --help` lists them all")]
    UnknownKey(String),
    #[error("{key} is {value:?}, which is not {expected}")]
    Value { key: &'static str, value: String, expected: &'static str },
    #[error("{path}, named by SECRET_KEY_FILE, can't be read")]
    SecretFile { path: PathBuf, source: std::io::Error },
    #[error("{path}, named by DATABASE_URL_FILE, can't be read")]
    DatabaseFile { path: PathBuf, source: std::io::Error },
    #[error("LOG is {value:?}, which can't be understood")]
    Log { value: String, source: tracing_subscriber::filter::ParseError },
    #[error("mail can't be sent as it is configured")]
    Mail { source: engine::MailServerError },
}

/// The configuration of a server.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) database_url: String,
    pub(crate) public_url: Url,
    pub(crate) secret_key: SecretString,
    pub(crate) frame_origins: Vec<String>,
    pub(crate) egress_ips: Vec<String>,
    pub(crate) listen: SocketAddr,
    pub(crate) log: String,
    pub(crate) log_format: LogFormat,
    pub(crate) allowed_hosts: Vec<Url>,
    /// Where change events come from, if not from Salesforce's own address.
    pub(crate) change_events_url: Option<Url>,
    pub(crate) salesforce_timeout: std::time::Duration,
    pub(crate) connections: ConnectionLimits,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) clock_offset: i64,
    pub(crate) max_clock_skew: std::time::Duration,
    pub(crate) speed: f64,
    pub(crate) speed_since: f64,
    pub(crate) mail: Option<MailServer>,
}

/// Settings by name, before they are understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Reads the file, if one is named, and the environment over it.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut settings = Self::default();
        if let Some(path) = file {
            settings.read_file(path)?;
        }
        for (name, value) in std::env::vars() {
            let Some(key) = name.strip_prefix("TSUGITE_") else { continue };
            if FOREIGN.iter().any(|foreign| key.starts_with(foreign)) || key == "SHARED" {
                continue;
            }
            settings.set(key, value)?;
        }
        Ok(settings)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::File { path: path.to_owned(), source })?;
        let table: toml::Table =
            text.parse().map_err(|source| ConfigError::Toml { path: path.to_owned(), source })?;
        for (key, value) in table {
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Array(values) => {
                    values.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
                }
                other => other.to_string(),
            };
            self.set(&key.to_uppercase(), text)?;
        }
        Ok(())
    }

    /// Sets a known key.
    pub(crate) fn set(&mut self, key: &str, value: String) -> Result<(), ConfigError> {
        if !KEYS.iter().any(|(known, _)| *known == key) {
            return Err(ConfigError::UnknownKey(format!("TSUGITE_{key}")));
        }
        self.0.insert(key.to_owned(), value);
        Ok(())
    }

    /// The same settings with a key's value where it was not set.
    pub(crate) fn or(mut self, key: &str, value: impl Into<String>) -> Self {
        self.0.entry(key.to_owned()).or_insert_with(|| value.into());
        self
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    fn list(&self, key: &str) -> Vec<String> {
        let parts = self.get(key).unwrap_or_default().split(',');
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    /// Understands the settings.
    pub(crate) fn config(&self) -> Result<Config, ConfigError> {
        let data_dir = PathBuf::from(self.get("DATA_DIR").unwrap_or("data"));
        let listen = self.get("LISTEN").unwrap_or("127.0.0.1:8080");
        let listen: SocketAddr =
            listen.parse().map_err(|_| invalid("LISTEN", listen, "an address and port"))?;
        let public_url = self.get("PUBLIC_URL").map_or_else(|| format!("http://{listen}"), str::to_owned);
        let timeout = self.number("SALESFORCE_TIMEOUT_SECONDS", 30.0, USUAL)?;
        let allowed_hosts = self
            .list("ALLOWED_HOSTS")
            .iter()
            .map(|host| Url::parse(host).map_err(|_| invalid("ALLOWED_HOSTS", host, "a web address")))
            .collect::<Result<_, _>>()?;
        let log = self.get("LOG").unwrap_or("info").to_owned();
        tracing_subscriber::EnvFilter::try_new(&log)
            .map_err(|source| ConfigError::Log { value: log.clone(), source })?;
        let egress_ips = self.list("EGRESS_IPS");
        TrustedProxies::parse(&egress_ips)
            .map_err(|wrong| invalid("EGRESS_IPS", wrong, "an address such as 203.0.113.7"))?;
        Ok(Config {
            database_url: self.database_url(&data_dir)?,
            public_url: Url::parse(&public_url)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
                .ok_or_else(|| {
                    invalid("PUBLIC_URL", &public_url, "a web address such as https://booking.example.com")
                })?,
            secret_key: self.secret_key()?,
            frame_origins: self.frame_origins()?,
            egress_ips,
            listen,
            log,
            log_format: match self.get("LOG_FORMAT").unwrap_or("text") {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                other => return Err(invalid("LOG_FORMAT", other, "text or json")),
            },
            mail: self.mail(std::time::Duration::from_secs_f64(timeout))?,
            allowed_hosts,
            change_events_url: self.web_address("CHANGE_EVENTS_URL")?,
            salesforce_timeout: std::time::Duration::from_secs_f64(timeout),
            connections: self.connection_limits()?,
            trusted_proxies: self.trusted_proxies()?,
            clock_offset: self.clock_offset()?,
            max_clock_skew: std::time::Duration::from_secs_f64(self.number(
                "MAX_CLOCK_SKEW_SECONDS",
                60.0,
                USUAL,
            )?),
            speed: self.number("SPEED", 1.0, USUAL)?,
            speed_since: self.number("SPEED_SINCE", 0.0, MOMENT)?,
        })
    }

    fn mail(&self, timeout: std::time::Duration) -> Result<Option<MailServer>, ConfigError> {
        let Some(address) = self.get("SMTP_URL") else { return Ok(None) };
        let address = SecretString::from(address.trim().to_owned());
        let server = MailServer::new(&address, self.get("SMTP_FROM"), timeout);
        server.map(Some).map_err(|source| ConfigError::Mail { source })
    }

    fn web_address(&self, key: &'static str) -> Result<Option<Url>, ConfigError> {
        let parse = |text: &str| {
            let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            url.ok_or_else(|| invalid(key, text, "a web address"))
        };
        self.get(key).map(parse).transpose()
    }

    fn number(&self, key: &'static str, default: f64, wanted: Wanted) -> Result<f64, ConfigError> {
        let Some(text) = self.get(key) else { return Ok(default) };
        let number = text.trim().parse::<f64>().ok().filter(|number| *number > 0.0 && *number < wanted.below);
        number.ok_or_else(|| invalid(key, text, wanted.words))
    }

    fn connection_limits(&self) -> Result<ConnectionLimits, ConfigError> {
        let seconds = |key, default| self.number(key, default, USUAL).map(std::time::Duration::from_secs_f64);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small positive number"
        )]
        let connections = self.number("MAX_CONNECTIONS", 2000.0, USUAL)?.ceil() as usize;
        let (head, drain) = (seconds("HEAD_TIMEOUT_SECONDS", 10.0)?, seconds("DRAIN_SECONDS", 20.0)?);
        Ok(ConnectionLimits { connections, head, drain })
    }

    fn trusted_proxies(&self) -> Result<TrustedProxies, ConfigError> {
        let listed = self.list("TRUSTED_PROXIES");
        TrustedProxies::parse(&listed)
            .map_err(|wrong| invalid("TRUSTED_PROXIES", wrong, "an address or a network such as 10.0.0.0/8"))
    }

    /// Scheme, host and port only: whatever else stood here would become part of a header.
    fn frame_origins(&self) -> Result<Vec<String>, ConfigError> {
        let origin = |text: &String| {
            let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            let origin = url.map(|url| url.origin().ascii_serialization());
            origin
                .filter(|origin| origin == text.trim_end_matches('/'))
                .ok_or_else(|| invalid("FRAME_ORIGINS", text, "a website such as https://www.example.com"))
        };
        self.list("FRAME_ORIGINS").iter().map(origin).collect()
    }

    fn clock_offset(&self) -> Result<i64, ConfigError> {
        let Some(text) = self.get("CLOCK_OFFSET_SECONDS") else { return Ok(0) };
        text.trim().parse().map_err(|_| invalid("CLOCK_OFFSET_SECONDS", text, "a whole number of seconds"))
    }

    /// Takes the database's address from an argument, and warns of a password in it.
    pub(crate) fn set_database_url(&mut self, address: String) -> Result<(), ConfigError> {
        if Url::parse(&address).is_ok_and(|url| url.password().is_some()) {
            crate::commands::print::notice(
                "warning: other users of this machine can see the password in --database-url among the processes. \
                 Set TSUGITE_DATABASE_URL or TSUGITE_DATABASE_URL_FILE instead",
            );
        }
        self.set("DATABASE_URL", address)
    }

    fn database_url(&self, data_dir: &Path) -> Result<String, ConfigError> {
        if let Some(address) = self.get("DATABASE_URL") {
            return Ok(address.to_owned());
        }
        let Some(path) = self.get("DATABASE_URL_FILE") else {
            return Ok(format!("sqlite:{}", data_dir.join("tsugite.db").display()));
        };
        let path = PathBuf::from(path);
        let read = std::fs::read_to_string(&path);
        read.map(|text| text.trim().to_owned()).map_err(|source| ConfigError::DatabaseFile { path, source })
    }

    fn secret_key(&self) -> Result<SecretString, ConfigError> {
        if let Some(key) = self.get("SECRET_KEY") {
            return Ok(SecretString::from(key.to_owned()));
        }
        let Some(path) = self.get("SECRET_KEY_FILE") else { return Ok(SecretString::default()) };
        let path = PathBuf::from(path);
        std::fs::read_to_string(&path)
            .map(SecretString::from)
            .map_err(|source| ConfigError::SecretFile { path, source })
    }
}

fn invalid(key: &'static str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::Value { key, value: value.to_owned(), expected }
}
