//! The record of operations: one JSON line each, chained by hash, so that a change to the past shows.

mod verify;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use verify::{Damage, verify};

use super::repo::Repo;
use super::{Error, Kind, Result, fs, time};

/// The end of the chain, kept apart so that a cut-off tail shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    seq: u64,
    hash: String,
}

/// The runlog of one repository.
#[derive(Debug, Clone)]
pub struct Runlog {
    dir: PathBuf,
}

impl Runlog {
    /// The runlog of a repository that heck may write to.
    pub fn open(repo: &Repo) -> Result<Runlog> {
        repo.require_marked()?;
        Ok(Runlog { dir: repo.heck_dir().join("runlogs") })
    }

    /// Appends a record and gives its sequence number. `seq`, `time`, `prev` and `hash` are added here.
    /// Safe under concurrent processes.
    pub fn append(&self, mut record: Map<String, Value>) -> Result<u64> {
        let _lock = fs::Lock::take(&self.dir.join(".lock"))?;
        let head = self.head()?;
        let now = time::now();
        let seq = head.seq + 1;
        record.insert("seq".into(), seq.into());
        record.insert("time".into(), now.iso().into());
        record.insert("prev".into(), head.hash.into());
        let hash = hash(&record);
        record.insert("hash".into(), hash.clone().into());
        let day = self.day_for(&now.day())?;
        fs::append_line(&self.dir.join(format!("{day}.jsonl")), &canonical(&Value::Object(record)))?;
        self.set_head(&Head { seq, hash })?;
        Ok(seq)
    }

    /// A clock that was set back must not make a record sort before its predecessor.
    fn day_for(&self, today: &str) -> Result<String> {
        let last = self.days()?.pop();
        Ok(match last {
            Some(last) if last.as_str() > today => last,
            _ => today.to_owned(),
        })
    }

    /// The end of the chain. A crash between a record and its head leaves the head one behind; the
    /// record itself is the truth then.
    fn head(&self) -> Result<Head> {
        let head: Head = match fs::read_if_present(&self.dir.join("HEAD"))? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|e| {
                Error::invalid(format!("the runlog's HEAD is damaged: {e}")).hint("see `heck log verify`")
            })?,
            None => return Ok(self.last()?.unwrap_or_default()),
        };
        let last = self.last()?;
        Ok(match last {
            Some(last) if last.seq == head.seq + 1 => last,
            _ => head,
        })
    }

    fn last(&self) -> Result<Option<Head>> {
        let Some(day) = self.days()?.pop() else { return Ok(None) };
        let text = whole(fs::read(&self.dir.join(format!("{day}.jsonl")))?);
        let line = text.split(|b| *b == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
        Ok(serde_json::from_slice(line).ok())
    }

    /// Whether the end of the chain is recorded.
    fn has_head(&self) -> bool {
        self.dir.join("HEAD").exists()
    }

    fn set_head(&self, head: &Head) -> Result<()> {
        let text = serde_json::to_vec(head).map_err(|e| Error::new(Kind::Internal, e.to_string()))?;
        fs::write_atomic(&self.dir.join("HEAD"), &text)
    }

    fn days(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(Error::io("read", &self.dir, &e)),
        };
        let mut days: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".jsonl").map(str::to_owned))
            .filter(|name| is_day(name))
            .collect();
        days.sort();
        Ok(days)
    }

    /// Every line of the runlog in order, with its file and line number.
    fn lines(&self) -> Result<Vec<(String, usize, String)>> {
        let mut all = Vec::new();
        for day in self.days()? {
            let file = format!("{day}.jsonl");
            let text = whole(fs::read(&self.dir.join(&file))?);
            for (n, line) in String::from_utf8_lossy(&text).lines().enumerate() {
                all.push((file.clone(), n + 1, line.to_owned()));
            }
        }
        Ok(all)
    }

    /// Every readable record, oldest first.
    pub fn records(&self) -> Result<Vec<Value>> {
        Ok(self.lines()?.into_iter().filter_map(|(_, _, line)| serde_json::from_str(&line).ok()).collect())
    }
}

/// `2026-01-31`; whatever else lies there is not ours.
fn is_day(name: &str) -> bool {
    name.len() == 10
        && name.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() })
}

/// A file without a last line that a crash has cut off: it was never acknowledged, and the next append removes it.
fn whole(mut text: Vec<u8>) -> Vec<u8> {
    text.truncate(text.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1));
    text
}

/// The hash of a record without its own hash.
fn hash(record: &Map<String, Value>) -> String {
    let mut plain = record.clone();
    plain.remove("hash");
    blake3::hash(canonical(&Value::Object(plain)).as_bytes()).to_hex().to_string()
}

/// JSON with sorted keys and no white space: one value has one text.
pub fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort();
                Value::Object(keys.into_iter().map(|key| (key.clone(), sorted(&map[key]))).collect())
            }
            Value::Array(list) => Value::Array(list.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize) -> Result<(tempfile::TempDir, Runlog)> {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        fs::create_dirs(&dir.path().join(".heck"))?;
        let log = Runlog::open(&Repo::discover(dir.path())?)?;
        for n in 0..count {
            let mut record = Map::new();
            record.insert("cmd".into(), format!("c{n}").into());
            log.append(record)?;
        }
        Ok((dir, log))
    }

    fn tamper(log: &Runlog, change: impl Fn(&mut Vec<String>)) -> Result<Vec<Damage>> {
        let day = log.days()?.pop().unwrap_or_default();
        let path = log.dir.join(format!("{day}.jsonl"));
        let mut lines: Vec<String> = fs::read_text(&path)?.lines().map(str::to_owned).collect();
        change(&mut lines);
        fs::write_atomic(&path, (lines.join("\n") + "\n").as_bytes())?;
        verify(log)
    }

    #[test]
    fn an_untouched_chain_verifies() -> Result<()> {
        let (_dir, log) = filled(5)?;
        assert_eq!(verify(&log)?, []);
        assert_eq!(log.records()?.len(), 5);
        Ok(())
    }

    #[test]
    fn every_kind_of_tampering_is_named() -> Result<()> {
        type Change = fn(&mut Vec<String>);
        let cases: [(&str, Change); 5] = [
            ("edited", |lines| lines[2] = lines[2].replace("c2", "cX")),
            ("deleted", |lines| drop(lines.remove(1))),
            ("reordered", |lines| lines.swap(1, 3)),
            ("truncated", |lines| drop(lines.pop())),
            ("unreadable", |lines| lines[0].truncate(5)),
        ];
        for (kind, change) in cases {
            let (_dir, log) = filled(5)?;
            let damage = tamper(&log, change)?;
            assert!(damage.iter().any(|d| d.kind == kind), "{kind}: {damage:?}");
        }
        Ok(())
    }

    #[test]
    fn concurrent_writers_keep_one_chain() -> Result<()> {
        let (_dir, log) = filled(0)?;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        assert!(log.append(Map::new()).is_ok());
                    }
                });
            }
        });
        assert_eq!(verify(&log)?, []);
        assert_eq!(log.records()?.len(), 40);
        Ok(())
    }

    #[test]
    fn a_lost_head_update_is_healed() -> Result<()> {
        let (_dir, log) = filled(2)?;
        let before = log.head()?;
        log.append(Map::new())?;
        log.set_head(&before)?;
        log.append(Map::new())?;
        assert_eq!(verify(&log)?, []);
        Ok(())
    }
}
