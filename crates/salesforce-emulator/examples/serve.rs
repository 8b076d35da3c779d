//! Serves an org until it is interrupted: `cargo run -p salesforce-emulator --example serve -- 127.0.0.1:8791 demo`.
//!
//! A third argument is the address clients are told.

use std::io::Write;

use salesforce_emulator::{Emulator, Options};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut options = Options::default();
    if let Some(listen) = arguments.next() {
        options.listen = listen.parse()?;
    }
    if let Some(seed) = arguments.next() {
        options.seed = seed.parse()?;
    }
    options.public_url = arguments.next();
    let handle = Emulator::start(options).await?;
    writeln!(std::io::stdout(), "ready {}", handle.base_url())?;
    tokio::signal::ctrl_c().await?;
    handle.shutdown().await;
    Ok(())
}
