//! A server with one fixed response, or none.

use std::time::Duration;

use salesforce::{ApiVersion, Client, http_client};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

pub(crate) const TOKEN: &str = "00Dsecret!token";

/// What the server does once it has read a request.
pub(crate) enum Behaviour {
    /// Sends these bytes, then closes.
    Answer(String),
    /// Closes without a word.
    HangUp,
    /// Says nothing until the client gives up.
    Silence,
}

/// Serves one connection; the task gives the request as text.
pub(crate) async fn serve(behaviour: Behaviour) -> (Url, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let task = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !is_whole(&request) {
            let mut buffer = [0; 4096];
            let count = socket.read(&mut buffer).await.unwrap();
            request.extend_from_slice(&buffer[..count]);
        }
        match behaviour {
            Behaviour::Answer(answer) => socket.write_all(answer.as_bytes()).await.unwrap(),
            Behaviour::HangUp => {}
            Behaviour::Silence => tokio::time::sleep(Duration::from_secs(30)).await,
        }
        String::from_utf8(request).unwrap()
    });
    (url, task)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Behaviour {
    let length = body.len();
    Behaviour::Answer(format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    ))
}

pub(crate) fn http() -> reqwest::Client {
    http_client("salesforce-tests", Duration::from_secs(2), Duration::from_secs(5)).unwrap()
}

pub(crate) fn client(url: Url) -> Client {
    Client::new(http(), url, SecretString::from(TOKEN), ApiVersion::DEFAULT)
        .with_timeout(Duration::from_millis(700))
}
