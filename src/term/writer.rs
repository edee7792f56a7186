//! The two streams: results on stdout, everything else on stderr. A reader that went away is no error.

use std::cell::{Cell, RefCell};
use std::io::{self, BufWriter, IsTerminal, Write};

use super::{Paint, Progress, Style, columns, diff, table};
use crate::core::host::Flags;
use crate::core::{Error, Result};

/// The user's terminal.
pub struct Term {
    out: RefCell<BufWriter<io::Stdout>>,
    out_paint: Paint,
    err_paint: Paint,
    is_quiet: bool,
    is_json: bool,
    is_interactive: bool,
    has_terminal: bool,
    has_closed: Cell<bool>,
}

impl Term {
    /// The terminal of this process under the given flags.
    pub fn new(flags: &Flags) -> Term {
        let interactive = io::stdin().is_terminal() && io::stderr().is_terminal() && !flags.json;
        Term {
            out: RefCell::new(BufWriter::with_capacity(64 * 1024, io::stdout())),
            out_paint: Paint::decide(flags.color, &io::stdout()),
            err_paint: Paint::decide(flags.color, &io::stderr()),
            is_quiet: flags.quiet,
            is_json: flags.json,
            is_interactive: interactive,
            has_terminal: io::stdout().is_terminal(),
            has_closed: Cell::new(false),
        }
    }

    /// Whether someone can be asked.
    pub fn is_interactive(&self) -> bool {
        self.is_interactive
    }

    /// How results are coloured.
    pub fn paint(&self) -> Paint {
        self.out_paint
    }

    /// How messages are coloured.
    pub fn err_paint(&self) -> Paint {
        self.err_paint
    }

    /// Whether the reader of stdout has gone, so that further work for it is in vain.
    pub fn has_closed(&self) -> bool {
        self.has_closed.get()
    }

    /// Writes to stdout. With `--json` stdout belongs to the envelope, so text goes to stderr.
    pub fn out(&self, bytes: &[u8]) -> Result<()> {
        if self.is_json {
            return self.err_bytes(bytes);
        }
        self.write(bytes)
    }

    /// Writes the envelope itself.
    pub fn envelope(&self, text: &str) -> Result<()> {
        self.write(text.as_bytes())?;
        self.write(b"\n")
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        let written = self.out.borrow_mut().write_all(bytes);
        self.settle(written)
    }

    /// Sends what is buffered.
    pub fn flush(&self) -> Result<()> {
        let flushed = self.out.borrow_mut().flush();
        self.settle(flushed)
    }

    fn settle(&self, result: io::Result<()>) -> Result<()> {
        match result {
            Ok(()) => Ok(()),
            // `heck find … | head` is normal use.
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                self.has_closed.set(true);
                Ok(())
            }
            Err(e) => Err(Error::tool(format!("cannot write to standard output: {}", e.kind()))
                .hint("is the disk full, or standard output closed?")),
        }
    }

    fn err_bytes(&self, bytes: &[u8]) -> Result<()> {
        self.flush()?;
        // Nothing can be said about a stderr that is closed.
        let _ = io::stderr().write_all(bytes);
        Ok(())
    }

    /// Writes a line for people to stderr, unless they asked for quiet.
    pub fn note(&self, text: &str) -> Result<()> {
        if self.is_quiet { Ok(()) } else { self.err_bytes(format!("{text}\n").as_bytes()) }
    }

    /// Writes to stderr even when quiet: errors and questions.
    pub fn error(&self, text: &str) -> Result<()> {
        self.err_bytes(format!("{text}\n").as_bytes())
    }

    /// A styled text for stdout.
    pub fn styled(&self, style: Style, text: &str) -> String {
        self.out_paint.paint(style, text)
    }

    /// Prints a diff with colours.
    pub fn diff(&self, diff: &[u8]) -> Result<()> {
        // Through a pipe it must stay a diff, to the byte.
        match self.has_terminal {
            true => self.out(&diff::painted(&diff::harmless(diff), self.out_paint)),
            false => self.out(&diff::painted(diff, self.out_paint)),
        }
    }

    /// Prints a diff in two columns, as wide as the terminal.
    pub fn diff_columns(&self, diff: &[u8]) -> Result<()> {
        let width = self.width().unwrap_or(160);
        self.out(columns::columns(&diff::harmless(diff), width, self.out_paint).as_bytes())
    }

    /// Prints rows in aligned columns.
    pub fn table(&self, head: &[String], rows: &[Vec<String>]) -> Result<()> {
        self.out(table::aligned(head, rows, self.out_paint, self.width()).as_bytes())
    }

    fn width(&self) -> Option<usize> {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        (size.ws_col > 20).then_some(usize::from(size.ws_col))
    }

    /// A progress bar on stderr that appears when the work takes longer than half a second.
    pub fn progress(&self, label: &str, total: Option<u64>) -> Progress {
        let visible = !self.is_quiet && !self.is_json && io::stderr().is_terminal();
        Progress::new(label, total, visible)
    }
}

impl std::fmt::Debug for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Term")
    }
}
