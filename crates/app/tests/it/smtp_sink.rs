//! An SMTP server that keeps what it is handed, and can refuse, wait, or hang up at the worst moment.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What is done with the next mail to an address.
#[derive(Clone, Debug)]
pub(crate) enum Trick {
    /// `RCPT` is refused with this line.
    Refuse(&'static str),
    /// The mail is refused with this line after it was read.
    RefuseContent(&'static str),
    /// The mail is kept, and the connection closed without an answer.
    KeepAndHangUp,
}

#[derive(Default)]
struct State {
    mails: Mutex<Vec<(String, String)>>,
    tricks: Mutex<BTreeMap<String, Vec<Trick>>>,
    keeps_text: bool,
}

/// The server.
#[derive(Clone)]
pub(crate) struct SmtpSink {
    address: SocketAddr,
    state: Arc<State>,
}

impl SmtpSink {
    /// Starts one that keeps whole mails.
    pub(crate) async fn start() -> Self {
        Self::start_with(true).await
    }

    /// Starts one; it keeps whole mails, or recipients only.
    pub(crate) async fn start_with(keeps_text: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State { keeps_text, ..State::default() });
        let own = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((peer, _)) = listener.accept().await {
                let state = Arc::clone(&own);
                // Whoever hangs up in the middle is no fault of the sink.
                tokio::spawn(async move { drop(talk(peer, &state).await) });
            }
        });
        Self { address, state }
    }

    /// Its address for the server's settings.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}?tls=none", self.address)
    }

    /// Plays tricks with the next mails to an address, one each.
    pub(crate) fn play(&self, address: &str, tricks: &[Trick]) {
        self.state.tricks.lock().unwrap().insert(address.to_owned(), tricks.to_vec());
    }

    /// Every mail that was handed over, with its recipient.
    pub(crate) fn mails(&self) -> Vec<(String, String)> {
        self.state.mails.lock().unwrap().clone()
    }

    /// How many mails were handed over.
    pub(crate) fn count(&self) -> usize {
        self.state.mails.lock().unwrap().len()
    }

    /// The only mail to an address.
    pub(crate) fn mail_to(&self, address: &str) -> String {
        let mails = self.mails();
        let mut found = mails.iter().filter(|(to, _)| to == address).map(|(_, text)| text.clone());
        let first = found.next().unwrap_or_else(|| panic!("no mail to {address}"));
        assert!(found.next().is_none(), "two mails to {address}");
        first
    }
}

async fn talk(peer: TcpStream, state: &State) -> std::io::Result<()> {
    peer.set_nodelay(true)?;
    let mut peer = BufReader::new(peer);
    peer.get_mut().write_all(b"220 sink\r\n").await?;
    let (mut to, mut trick) = (String::new(), None);
    let mut line = String::new();
    loop {
        line.clear();
        if peer.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end();
        let answer = if let Some(address) = command.strip_prefix("RCPT TO:<") {
            to = address.trim_end_matches('>').to_owned();
            trick = next_trick(state, &to);
            match trick {
                Some(Trick::Refuse(line)) => line,
                _ => "250 ok",
            }
        } else if command == "DATA" {
            peer.get_mut().write_all(b"354 go on\r\n").await?;
            let text = content(&mut peer).await?;
            if let Some(Trick::RefuseContent(line)) = trick {
                line
            } else {
                let kept = if state.keeps_text { text } else { String::new() };
                state.mails.lock().unwrap().push((to.clone(), kept));
                if matches!(trick, Some(Trick::KeepAndHangUp)) {
                    return Ok(());
                }
                "250 2.0.0 kept"
            }
        } else if command == "QUIT" {
            "221 bye"
        } else {
            "250 ok"
        };
        peer.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

fn next_trick(state: &State, address: &str) -> Option<Trick> {
    let mut tricks = state.tricks.lock().unwrap();
    let own = tricks.get_mut(address)?;
    if own.is_empty() { None } else { Some(own.remove(0)) }
}

async fn content(peer: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut text = String::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        if peer.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(text);
        }
        text.push_str(&String::from_utf8_lossy(&line));
    }
}
