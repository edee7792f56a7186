//! Colours by meaning. Decides once whether there is colour at all.

use std::io::IsTerminal;

use crate::core::host::Color;

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// A heading or a name that matters.
    Strong,
    /// What can be skipped.
    Faint,
    /// A path.
    Path,
    /// A line number.
    Line,
    /// What matched, an error.
    Bad,
    /// Added, or done.
    Good,
    /// A warning.
    Warn,
    /// A hint, a hunk header.
    Hint,
}

/// Whether and how to colour one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint(bool);

impl Paint {
    /// Colours or does not.
    pub fn new(on: bool) -> Paint {
        Paint(on)
    }

    /// Decides for a stream by flag, `NO_COLOR`, `TERM` and whether it is a terminal.
    pub fn decide(color: Color, stream: &impl IsTerminal) -> Paint {
        Paint(match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                !no_color && !dumb && stream.is_terminal()
            }
        })
    }

    /// Tells whether there is colour.
    pub fn is_on(self) -> bool {
        self.0
    }

    /// The escape that begins a style; empty without colour.
    pub fn begin(self, style: Style) -> &'static str {
        if !self.0 {
            return "";
        }
        match style {
            Style::Plain => "",
            Style::Strong => "\x1b[1m",
            Style::Faint => "\x1b[2m",
            Style::Path => "\x1b[35m",
            Style::Line => "\x1b[32m",
            Style::Bad => "\x1b[1;31m",
            Style::Good => "\x1b[32m",
            Style::Warn => "\x1b[33m",
            Style::Hint => "\x1b[36m",
        }
    }

    /// The escape that ends a style; empty without colour.
    pub fn end(self, style: Style) -> &'static str {
        if self.0 && style != Style::Plain { "\x1b[0m" } else { "" }
    }

    /// A text in a style.
    pub fn paint(self, style: Style, text: &str) -> String {
        format!("{}{text}{}", self.begin(style), self.end(style))
    }
}
