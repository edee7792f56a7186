//! Walks the chain and names what does not fit.

use serde::Serialize;
use serde_json::Value;

use super::{Runlog, hash};
use crate::core::Result;

/// One thing that is wrong with the runlog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// `edited`, `deleted`, `reordered`, `truncated` or `unreadable`.
    pub kind: &'static str,
    /// The file below `.heck/runlogs/`.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What is wrong, for people.
    pub message: String,
}

/// Everything that is wrong with a runlog; empty when it is whole.
pub fn verify(log: &Runlog) -> Result<Vec<Damage>> {
    let mut damage = Vec::new();
    let (mut last_seq, mut last_hash) = (0u64, String::new());
    let (mut place, mut highest) = ((String::new(), 0), 0u64);
    for (file, line, text) in log.lines()? {
        let mut found = |kind, message: String| damage.push(Damage { kind, file: file.clone(), line, message });
        place = (file.clone(), line);
        let Ok(Value::Object(record)) = serde_json::from_str::<Value>(&text) else {
            found("unreadable", "the line is not a JSON record".into());
            last_seq += 1;
            last_hash.clear();
            continue;
        };
        let seq = record.get("seq").and_then(Value::as_u64).unwrap_or(0);
        let stated = record.get("hash").and_then(Value::as_str).unwrap_or_default().to_owned();
        let prev = record.get("prev").and_then(Value::as_str).unwrap_or_default();
        if hash(&record) != stated {
            found("edited", format!("record {seq} does not have the content its hash was made of"));
        } else if seq <= highest && highest > 0 {
            found("reordered", format!("record {seq} stands after record {highest}"));
        } else if seq > last_seq + 1 {
            found("deleted", format!("record {} is missing before record {seq}", last_seq + 1));
        } else if prev != last_hash && !last_hash.is_empty() {
            found("edited", format!("record {seq} does not follow from the record before it"));
        }
        highest = highest.max(seq);
        last_seq = seq;
        last_hash = stated;
    }
    if highest > 0 && !log.has_head() {
        let message = "HEAD is missing, so records may be missing at the end".to_owned();
        damage.push(Damage { kind: "truncated", file: place.0, line: place.1, message });
        return Ok(damage);
    }
    let head = log.head()?;
    if head.seq > highest {
        let message = format!("records {} to {} are missing at the end", highest + 1, head.seq);
        damage.push(Damage { kind: "truncated", file: place.0, line: place.1, message });
    } else if damage.is_empty() && head.seq == highest && head.hash != last_hash {
        let message = format!("record {highest} is not the one that was written last");
        damage.push(Damage { kind: "edited", file: place.0, line: place.1, message });
    }
    Ok(damage)
}
