//! A client that asks one thing after another.

use super::{Answer, Client, Connection, Trouble};
use std::time::Duration;

/// After so many requests it opens a new connection: a newcomer is let in, too.
const REQUESTS_A_CONNECTION: u32 = 8;

/// A client that keeps its connection for some requests, as browsers and libraries do.
#[derive(Debug)]
pub struct Caller {
    client: Client,
    patience: Duration,
    connection: Option<Connection>,
    asked: u32,
}

impl Caller {
    /// A caller that waits so long for an answer.
    pub fn new(client: Client, patience: Duration) -> Self {
        Self {
            client,
            patience,
            connection: None,
            asked: 0,
        }
    }

    /// Asks once; again only if the connection had been closed before it was used again, which any
    /// server may do.
    ///
    /// # Errors
    ///
    /// The trouble that kept the answer from coming.
    pub fn ask(&mut self, request: &[u8]) -> Result<Answer, Trouble> {
        self.asked += 1;
        if self.asked.is_multiple_of(REQUESTS_A_CONNECTION) {
            self.connection = None;
        }
        if let Some(kept) = self.connection.take() {
            match self.ask_on(kept, request) {
                Err(Trouble::Closed) => {}
                answer => return answer,
            }
        }
        let new = self
            .client
            .connect(self.patience)
            .map_err(|error| Trouble::Lost(format!("no connection: {error}")))?;
        self.ask_on(new, request)
    }

    /// Asks on this connection, and keeps it if it is good for more.
    fn ask_on(&mut self, mut connection: Connection, request: &[u8]) -> Result<Answer, Trouble> {
        let answer = connection.ask(request)?;
        if connection.has_more() {
            return Err(Trouble::Malformed("more than one answer".to_owned()));
        }
        let closes = answer
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if !closes {
            self.connection = Some(connection);
        }
        Ok(answer)
    }

    /// Sends a request and is gone after this time, whatever comes.
    pub fn vanish(&mut self, request: &[u8], after: Duration) {
        self.connection = None;
        if let Ok(mut connection) = self.client.connect(self.patience) {
            // Nobody waits for what becomes of it.
            let _ = connection.send(request);
            std::thread::sleep(after);
        }
    }
}
