//! A real SMTP server, by the makers of Nodemailer, that shows each message as its parser reads it.

use crate::harness::{TIMEOUT, http};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long its packages may take to be installed, the first time.
const INSTALLING: Duration = Duration::from_secs(300);

/// The server's process.
pub(crate) struct MailServer {
    _child: Child,
    /// Where it takes mails.
    pub(crate) address: String,
    control: String,
    http: reqwest::Client,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mail/run");
        let mut command = Command::new(script);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("tests/mail/run starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(INSTALLING, lines.next_line()).await.expect("it starts in time");
        let line = line.unwrap().expect("it did not start");
        let mut words = line.split_whitespace().skip(1).map(str::to_owned);
        let (address, control) = (words.next().unwrap(), format!("http://{}", words.next().unwrap()));
        Self { _child: child, address, control, http: http() }
    }

    /// Every mail so far.
    pub(crate) async fn mails(&self) -> Vec<Value> {
        let answer = self.http.get(format!("{}/mails", self.control)).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Waits for a number of mails.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Value> {
        let until = tokio::time::Instant::now() + TIMEOUT;
        loop {
            let mails = self.mails().await;
            if mails.len() >= count {
                return mails;
            }
            assert!(tokio::time::Instant::now() < until, "{} of {count} mails came: {mails:#?}", mails.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Refuses mails to an address, some times.
    pub(crate) async fn refuse(&self, address: &str, code: u16, message: &str, times: u32) {
        let body = json!({ "address": address, "code": code, "message": message, "times": times });
        let sent = self.http.post(format!("{}/refuse", self.control)).json(&body).send().await.unwrap();
        assert!(sent.status().is_success());
    }
}
