//! Putting the server together: web, worker, or both, on one database.

use crate::config::Config;
use crate::config::LogFormat;
use crate::http_server;
use engine::{Engine, EngineSettings, Renderer};
use salesforce::AllowedHosts;
use std::error::Error;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use storage::database::key_rotation;
use storage::{Clock, Database, Vault};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{AppState, WebSettings};

/// Which parts run in this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Role {
    /// Pages, API and worker.
    #[default]
    All,
    /// Pages and API only.
    Web,
    /// The worker only.
    Worker,
}

/// How long a call that is under way at shutdown may go on.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(500);

/// Opens the database with the configured keys and brings it up to date.
pub(crate) async fn open_database(config: &Config) -> Result<Database, Box<dyn Error>> {
    let vault = Vault::new(&config.secret_key)?;
    make_data_folder(config)?;
    Ok(Database::open(&config.database_url, vault).await?)
}

/// Makes the folder of an SQLite file, for its owner alone, and names it.
pub(crate) fn make_data_folder(config: &Config) -> Result<PathBuf, Box<dyn Error>> {
    use std::os::unix::fs::DirBuilderExt as _;
    let file = Path::new(config.database_url.strip_prefix("sqlite:").unwrap_or_default());
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(PathBuf::from("."));
    };
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| format!("the folder {} can't be made: {error}", folder.display()))?;
    Ok(folder.to_owned())
}

/// Fails when stored secrets need a key that isn't configured, and names them.
pub(crate) async fn missing_keys(database: &Database) -> Result<(), Box<dyn Error>> {
    let missing = key_rotation::missing_keys(database).await?;
    if missing.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = missing
        .iter()
        .map(|one| format!("workspace {}, table {}: key {}", one.workspace, one.table, one.key))
        .collect();
    Err(format!(
        "stored secrets were encrypted with a key that is not in TSUGITE_SECRET_KEY (its first is {}). {}. Add the \
         earlier key after the present one, separated by a comma, and run `tsugite rotate-keys` before you remove it",
        database.vault().first_key_name(),
        told.join("; ")
    )
    .into())
}

/// Listens, or says what keeps it from that.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, Box<dyn Error>> {
    TcpListener::bind(address).await.map_err(|error| {
        let told = match error.kind() {
            ErrorKind::AddrInUse => format!(
                "another program listens on {address} already: stop it, or set TSUGITE_LISTEN to another port"
            ),
            ErrorKind::AddrNotAvailable => format!(
                "this machine has no address {}: set TSUGITE_LISTEN to one of its own, or to 0.0.0.0 for all",
                address.ip()
            ),
            ErrorKind::PermissionDenied => format!(
                "this user may not listen on port {}: set TSUGITE_LISTEN to a port above 1023",
                address.port()
            ),
            _ => format!("{address} can't be listened on: {error}"),
        };
        told.into()
    })
}

/// What handlers may use.
pub(crate) fn app_state(
    config: &Config,
    database: Database,
    clock: Clock,
    demo_org: Option<web::state::DemoOrg>,
) -> Result<AppState, Box<dyn Error>> {
    let http = salesforce::http_client(user_agent(), CONNECT_TIMEOUT, config.salesforce_timeout)?;
    Ok(AppState {
        database,
        clock,
        http,
        settings: Arc::new(WebSettings {
            public_url: config.public_url.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            frame_origins: config.frame_origins.clone(),
            egress_ips: config.egress_ips.clone(),
            allowed_hosts: AllowedHosts::new(config.allowed_hosts.clone()),
            webhook_origins: config.allowed_hosts.clone(),
            mail_from: config.mail.as_ref().map(engine::MailServer::from),
            demo_org,
        }),
    })
}

fn user_agent() -> &'static str {
    concat!("tsugite/", env!("CARGO_PKG_VERSION"))
}

/// The worker of this process.
pub(crate) fn engine(config: &Config, state: &AppState) -> Engine {
    let public_url = config.public_url.clone();
    let settings = EngineSettings {
        worker: storage::ids::new_secret(),
        request_timeout: config.salesforce_timeout,
        poll: POLL,
        allowed_hosts: AllowedHosts::new(config.allowed_hosts.clone()),
        webhook_origins: config.allowed_hosts.clone(),
        mail: config.mail.clone(),
        change_events: config.change_events_url.clone(),
        writer: Renderer::new(move |occasion| web::notification_message_text(&public_url, occasion)),
    };
    Engine::new(state.database.clone(), state.clock, state.http.clone(), settings)
}

/// Serves until `stop`, then finishes what was begun.
pub(crate) async fn serve(
    config: &Config,
    state: AppState,
    role: Role,
    listener: TcpListener,
    stop: CancellationToken,
) -> Result<(), Box<dyn Error>> {
    let worker = (role != Role::Web).then(|| {
        let engine = engine(config, &state);
        tokio::spawn(engine::run(engine, stop.clone()))
    });
    // What pages watch would never end by itself.
    let events = web::console::live::hub::Hub::of(&state);
    let stopping = stop.clone();
    tokio::spawn(async move {
        stopping.cancelled().await;
        events.close();
    });
    // A worker is watched as the others are, by the same three addresses.
    let router = if role == Role::Worker { web::health_router(state) } else { web::router(state) };
    http_server::serve(listener, router, config.connections, stop).await;
    if let Some(worker) = worker {
        let drain = config.connections.drain + config.salesforce_timeout;
        match tokio::time::timeout(drain, worker).await {
            Ok(ended) => ended?,
            // What was begun is recorded, and read back by whoever claims the org next.
            Err(_) => tracing::warn!("the worker took too long to end and was broken off"),
        }
    }
    Ok(())
}

/// Cancels when the process is asked to end: Ctrl-C or SIGTERM.
pub(crate) fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let signalled = stop.clone();
    tokio::spawn(async move {
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminate => {}
        }
        signalled.cancel();
    });
    stop
}

/// Logs to standard error, as configured.
pub(crate) fn start_logging(filter: &str, format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in one process is no reason to stop.
    let _ = match format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
}
