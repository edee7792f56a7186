//! Where lines come from: an editor on a terminal, plain lines from a pipe.

use std::borrow::Cow;
use std::io::BufRead;
use std::sync::{Arc, Mutex};

use reedline::{
    ColumnarMenu, Emacs, FileBackedHistory, KeyCode, KeyModifiers, MenuBuilder, Prompt, PromptEditMode,
    PromptHistorySearch, Reedline, ReedlineEvent, ReedlineMenu, Signal, default_emacs_keybindings,
};

use super::complete::{Name, NameCompleter};
use super::highlight::LuaHighlighter;
use crate::core::{Error, Result, host};

/// The next thing the user did.
#[derive(Debug)]
pub enum Input {
    /// A line.
    Line(String),
    /// Ctrl-C at the prompt.
    Cleared,
    /// The end.
    End,
}

/// A source of lines.
pub enum Reader {
    /// Somebody at a terminal.
    Editor(Box<Reedline>),
    /// A pipe or file.
    Pipe,
}

impl Reader {
    /// An editor where there is a terminal, else plain lines.
    pub fn new(is_interactive: bool, names: &Arc<Mutex<Vec<Name>>>, color: bool) -> Reader {
        if !is_interactive {
            return Reader::Pipe;
        }
        let mut keys = default_emacs_keybindings();
        keys.add_binding(
            KeyModifiers::NONE,
            KeyCode::Tab,
            ReedlineEvent::UntilFound(vec![ReedlineEvent::Menu("names".into()), ReedlineEvent::MenuNext]),
        );
        let menu = ColumnarMenu::default().with_name("names").with_columns(1);
        let mut editor = Reedline::create()
            .with_completer(Box::new(NameCompleter { names: Arc::clone(names) }))
            .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
            .with_edit_mode(Box::new(Emacs::new(keys)))
            .with_quick_completions(true)
            .with_partial_completions(true)
            .with_ansi_colors(color);
        if color {
            editor = editor.with_highlighter(Box::new(LuaHighlighter));
        }
        // Without a state directory, or a history that cannot be read, there is just no history.
        if let Ok(dir) = host::state_dir()
            && let Ok(history) = FileBackedHistory::with_file(5_000, dir.join("history"))
        {
            editor = editor.with_history(Box::new(history));
        }
        Reader::Editor(Box::new(editor))
    }

    /// Reads one line.
    pub fn read(&mut self, is_continuation: bool) -> Result<Input> {
        match self {
            Reader::Editor(editor) => match editor.read_line(&Ps1 { is_continuation }) {
                Ok(Signal::Success(line)) => Ok(Input::Line(line)),
                Ok(Signal::CtrlC) => Ok(Input::Cleared),
                Ok(_) => Ok(Input::End),
                Err(e) => Err(Error::tool(format!("cannot read a line: {e}"))),
            },
            Reader::Pipe => {
                let mut bytes = Vec::new();
                let read = std::io::stdin().lock().read_until(b'\n', &mut bytes);
                match read.map_err(|e| Error::tool(format!("cannot read a line: {e}")))? {
                    0 => Ok(Input::End),
                    _ => Ok(Input::Line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned())),
                }
            }
        }
    }
}

struct Ps1 {
    is_continuation: bool,
}

impl Prompt for Ps1 {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Borrowed(if self.is_continuation { "    " } else { "heck" })
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed(if self.is_continuation { "… " } else { "> " })
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Borrowed("… ")
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        Cow::Owned(format!("(search: {}) ", search.term))
    }
}
