//! A pattern that is compiled once and used often.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mlua::{MetaMethod, UserData, UserDataMethods, Value};

use super::unknown;
use crate::core::ast::{Lang, Matcher};
use crate::core::{Error, Result};
use crate::lua::convert;

/// What is looked for: a text or a rule, for whatever language the code is in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sought {
    /// A piece of code, how closely it must match, and the kind of the node inside it that is meant.
    Text {
        /// The code.
        text: String,
        /// How closely it must match.
        strictness: Option<String>,
        /// The kind of the node that is meant.
        selector: Option<String>,
        /// Whether optional parts that it does not write may be there.
        loose: bool,
    },
    /// A rule object as in ast-grep's YAML, as JSON text.
    Rule(String),
}

impl Sought {
    /// A plain piece of code.
    pub fn text(text: &str) -> Sought {
        Sought::Text { text: text.to_owned(), strictness: None, selector: None, loose: false }
    }

    /// Compiles it for a language.
    pub fn compile(&self, lang: Lang) -> Result<Matcher> {
        match self {
            Sought::Text { text, loose: true, .. } => Matcher::loose(text, lang),
            Sought::Text { text, selector: Some(selector), .. } => Matcher::contextual(text, selector, lang),
            Sought::Text { text, strictness, .. } => Matcher::pattern(text, lang, strictness.as_deref()),
            Sought::Rule(json) => {
                let value = serde_json::from_str(json).map_err(|e| Error::invalid(format!("the rule: {e}")))?;
                Matcher::rule(&value, lang)
            }
        }
    }
}

/// A pattern in Lua. It is compiled for a language when that is first met.
pub struct PatternRef {
    /// What it looks for.
    pub sought: Sought,
    compiled: RefCell<Vec<Rc<Matcher>>>,
}

impl PatternRef {
    /// A pattern that has not been compiled.
    pub fn new(sought: Sought) -> PatternRef {
        PatternRef { sought, compiled: RefCell::default() }
    }

    /// Its form for a language.
    pub fn matcher(&self, lang: Lang) -> Result<Rc<Matcher>> {
        let mut compiled = self.compiled.borrow_mut();
        if let Some(known) = compiled.iter().find(|matcher| matcher.lang() == lang) {
            return Ok(Rc::clone(known));
        }
        let matcher = Rc::new(self.sought.compile(lang)?);
        compiled.push(Rc::clone(&matcher));
        Ok(matcher)
    }
}

impl UserData for PatternRef {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, _, key: String| -> mlua::Result<Value> {
            Err(unknown("a pattern", &key, &[]))
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(match &this.sought {
                Sought::Text { text, .. } => format!("pattern {text}"),
                Sought::Rule(json) => format!("pattern {json}"),
            })
        });
    }
}

/// How many pattern texts are kept compiled. A script has a few; one that makes them up as it goes must not fill memory.
const KEPT: usize = 256;

/// A pattern text, rule table or compiled pattern, for one language. A text that comes again is not compiled again,
/// so that a predicate may name it where it is used.
pub fn matcher(value: &Value, lang: Lang) -> Result<Rc<Matcher>> {
    type Texts = HashMap<(Lang, Vec<u8>), Rc<Matcher>>;
    thread_local! {
        static TEXTS: RefCell<Texts> = RefCell::default();
    }
    match value {
        Value::String(text) => {
            let key = (lang, text.as_bytes().to_vec());
            if let Some(known) = TEXTS.with_borrow(|texts| texts.get(&key).cloned()) {
                return Ok(known);
            }
            let made = Rc::new(Sought::text(&text.to_string_lossy()).compile(lang)?);
            TEXTS.with_borrow_mut(|texts| {
                if texts.len() >= KEPT {
                    texts.clear();
                }
                texts.insert(key, Rc::clone(&made));
            });
            Ok(made)
        }
        Value::Table(_) => Ok(Rc::new(Sought::Rule(convert::to_json(value)?.to_string()).compile(lang)?)),
        Value::UserData(data) if data.is::<PatternRef>() => data.borrow::<PatternRef>()?.matcher(lang),
        other => Err(Error::usage(format!(
            "a pattern is a string, a rule table or what heck.ast.pattern made, got a {}",
            other.type_name()
        ))
        .hint("such as \"console.log($$$ARGS)\" or { kind = \"call_expression\" }")),
    }
}
