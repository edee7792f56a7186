//! Messages of JSON over a program's pipes: framed by `Content-Length`, or as tsserver wants it, a request a line.

use serde_json::Value;

use crate::core::proc::Talk;
use crate::core::{Error, Result};

/// The largest message that is taken.
const MAX_BYTES: usize = 256 << 20;

/// A program that speaks JSON.
pub struct Wire {
    talk: Talk,
    /// Whether requests are lines.
    has_lines: bool,
}

impl Wire {
    /// Speaks through a running program.
    pub fn new(talk: Talk, has_lines: bool) -> Wire {
        Wire { talk, has_lines }
    }

    /// Sends a message.
    pub async fn send(&mut self, message: &Value) -> Result<()> {
        let body = message.to_string();
        let framed = match self.has_lines {
            true => format!("{body}\n"),
            false => format!("Content-Length: {}\r\n\r\n{body}", body.len()),
        };
        self.talk.write(framed.as_bytes()).await
    }

    /// The next message.
    pub async fn receive(&mut self) -> Result<Value> {
        let mut length = None;
        loop {
            let line = self.talk.line().await?;
            let line = String::from_utf8_lossy(&line);
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().ok()
                }
                // A server's own chatter before a header does no harm.
                _ => {}
            }
            if let Some(length) = length.filter(|_| line.is_empty()) {
                return self.body(length).await;
            }
        }
    }

    async fn body(&mut self, length: usize) -> Result<Value> {
        if length > MAX_BYTES {
            return Err(Error::tool(format!("the language server announced a message of {length} bytes"))
                .hint("is it a language server?"));
        }
        let body = self.talk.bytes(length).await?;
        serde_json::from_slice(&body)
            .map_err(|e| Error::tool(format!("the language server sent no JSON: {e}")).hint("is it a language server?"))
    }
}
