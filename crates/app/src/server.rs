//! Putting the server together: web, worker, or both, on one database.

use crate::config::Config;
use crate::config::LogFormat;
use crate::http_server;
use engine::{Engine, EngineSettings, Renderer};
use salesforce::AllowedHosts;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
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
    if let Some(file) = config.database_url.strip_prefix("sqlite:") {
        let folder = std::path::Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder)?;
        }
    }
    Ok(Database::open(&config.database_url, vault).await?)
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
