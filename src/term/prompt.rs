//! Questions on the terminal, each with a sane answer where there is nobody to ask.

use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Style, Term};
use crate::core::{Error, Kind, Result};

static ASKING: AtomicBool = AtomicBool::new(false);

/// Whether a question is open: Ctrl-C then means that nothing is to happen, at once.
pub fn is_asking() -> bool {
    ASKING.load(Ordering::SeqCst)
}

impl Term {
    /// Asks a yes-or-no question; without a terminal the answer is the default.
    pub fn confirm(&self, question: &str, default: bool) -> Result<bool> {
        if !self.is_interactive() {
            return Ok(default);
        }
        let choices = if default { "[Y/n]" } else { "[y/N]" };
        loop {
            let answer = self.ask(&format!("{question} {choices} "))?;
            match answer.trim().to_lowercase().as_str() {
                "" => return Ok(default),
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => self.error("please answer y or n")?,
            }
        }
    }

    /// Lets the user choose one of several; without a terminal the default, or nothing.
    pub fn choose(&self, question: &str, choices: &[String], default: Option<usize>) -> Result<Option<usize>> {
        if !self.is_interactive() || choices.is_empty() {
            return Ok(default);
        }
        for (n, choice) in choices.iter().enumerate() {
            self.error(&format!("  {} {choice}", self.err_paint().paint(Style::Line, &format!("{:>2})", n + 1))))?;
        }
        loop {
            let shown = default.map(|n| format!(" [{}]", n + 1)).unwrap_or_default();
            let answer = self.ask(&format!("{question}{shown} "))?;
            let answer = answer.trim();
            if answer.is_empty() {
                return Ok(default);
            }
            let by_number = answer.parse::<usize>().ok().filter(|n| (1..=choices.len()).contains(n)).map(|n| n - 1);
            match by_number.or_else(|| choices.iter().position(|choice| choice == answer)) {
                Some(n) => return Ok(Some(n)),
                None => self.error(&format!("please answer with a number from 1 to {}", choices.len()))?,
            }
        }
    }

    /// Asks for a line of text; without a terminal the default, or nothing.
    pub fn input(&self, question: &str, default: Option<&str>) -> Result<Option<String>> {
        if !self.is_interactive() {
            return Ok(default.map(str::to_owned));
        }
        let shown = default.map(|text| format!(" [{text}]")).unwrap_or_default();
        let answer = self.ask(&format!("{question}{shown} "))?;
        let answer = answer.trim_end_matches(['\n', '\r']);
        Ok(if answer.is_empty() { default.map(str::to_owned) } else { Some(answer.to_owned()) })
    }

    fn ask(&self, prompt: &str) -> Result<String> {
        self.flush()?;
        let (mut err, mut line) = (io::stderr(), String::new());
        // Set before the question can be seen: who sees it may press Ctrl-C at once.
        ASKING.store(true, Ordering::SeqCst);
        let _ = err.write_all(prompt.as_bytes()).and_then(|()| err.flush());
        let read = io::stdin().lock().read_line(&mut line);
        ASKING.store(false, Ordering::SeqCst);
        let read = read.map_err(|e| Error::tool(format!("cannot read the answer: {e}")))?;
        if read == 0 {
            return Err(Error::new(Kind::Cancelled, "the question was not answered"));
        }
        Ok(line)
    }
}
