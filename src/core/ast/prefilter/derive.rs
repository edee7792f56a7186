//! From a pattern to the sequence of tokens that every match of it must contain.

use ast_grep_core::matcher::PatternNode;
use ast_grep_core::meta_var::MetaVariable;
use ast_grep_core::tree_sitter::LanguageExt;
use ast_grep_core::{MatchStrictness, Pattern};

use super::sequence::{Gap, Step, Token};
use crate::core::ast::Lang;

/// Nodes whose children are always these and no others, so that nothing follows the last that the pattern names.
const FIXED: [&str; 5] =
    ["member_expression", "attribute", "selector_expression", "binary_expression", "parenthesized_expression"];

/// Nodes of Python over which lines may end.
const LINES: [&str; 4] = ["module", "block", "decorated_definition", "try_statement"];

/// Nodes of Python over which lines may end once their colon is passed.
const COMPOUND: [&str; 13] = [
    "if_statement",
    "for_statement",
    "while_statement",
    "with_statement",
    "function_definition",
    "class_definition",
    "match_statement",
    "case_clause",
    "elif_clause",
    "else_clause",
    "except_clause",
    "except_group_clause",
    "finally_clause",
];

/// Nodes of JavaScript and its kin that hold expressions, and no semicolon but at their end.
const EXPRESSIONS: [&str; 16] = [
    "return_statement",
    "throw_statement",
    "expression_statement",
    "lexical_declaration",
    "variable_declaration",
    "variable_declarator",
    "assignment_expression",
    "augmented_assignment_expression",
    "binary_expression",
    "unary_expression",
    "call_expression",
    "arguments",
    "member_expression",
    "await_expression",
    "parenthesized_expression",
    "ternary_expression",
];

/// Nodes that hold statements, or members of a class or type.
const LISTS: [&str; 11] = [
    "interface_body",
    "object_type",
    "program",
    "module",
    "source_file",
    "statement_block",
    "class_body",
    "switch_body",
    "switch_case",
    "switch_default",
    "block",
];

/// So many tokens of a pattern tell enough.
const MOST: usize = 100;

/// The tokens of a pattern that every match must have, in order.
pub fn steps(pattern: &Pattern, lang: Lang) -> Vec<Step> {
    let (unnamed, trailing) = match pattern.strictness {
        MatchStrictness::Smart => (true, true),
        MatchStrictness::Cst => (true, false),
        // These may skip what has no name in the pattern.
        MatchStrictness::Ast | MatchStrictness::Relaxed => (false, false),
        // These do not compare the text of names.
        MatchStrictness::Signature | MatchStrictness::Template => return Vec::new(),
    };
    let mut derive = Derive {
        lang,
        unnamed,
        trailing,
        gap: Gap::Tight,
        is_filled: false,
        depth: 0,
        floor: 0,
        has_lines: false,
        over: false,
        lists: 0,
        steps: Vec::new(),
    };
    derive.root(&pattern.node);
    derive.steps
}

struct Derive {
    lang: Lang,
    /// Whether a match must have the tokens without a name that the pattern has.
    unnamed: bool,
    /// Whether more children may follow those that the pattern names.
    trailing: bool,
    /// What may lie before the next token.
    gap: Gap,
    /// Whether there must be something.
    is_filled: bool,
    /// How many brackets are open, and the fewest that were since the last token.
    depth: i32,
    floor: i32,
    /// Whether the ends of lines say something.
    has_lines: bool,
    /// Nothing can be said of what follows.
    over: bool,
    /// In how many lists of statements it is.
    lists: usize,
    steps: Vec<Step>,
}

impl Derive {
    fn root(&mut self, node: &PatternNode) {
        if let PatternNode::Internal { kind_id, .. } = node {
            let kind = self.kind(*kind_id);
            // An expression may lie in brackets, where lines do not end.
            let is_statement = COMPOUND.contains(&kind.as_str()) || kind.ends_with("_statement");
            self.has_lines = self.lang == Lang::Python && is_statement && kind != "expression_statement";
        }
        self.node(node, Gap::Any);
    }

    /// A node, and what a gap in its place may hold.
    fn node(&mut self, node: &PatternNode, place: Gap) {
        match node {
            PatternNode::MetaVar { .. } => self.anything(place),
            PatternNode::Terminal { text, is_named, kind_id } => {
                // A grammar may give a token an empty text (an automatic semicolon, the end of a line).
                if (*is_named || self.unnamed) && !text.trim().is_empty() {
                    let is_text = is_text(&self.kind(*kind_id));
                    // What has no name may be several words, such as `is not`, with any white space between.
                    let parts = if *is_named { vec![text.as_str()] } else { text.split_whitespace().collect() };
                    for part in parts {
                        self.token(part, is_word(part) && !is_text);
                    }
                }
            }
            PatternNode::Internal { kind_id, children } => {
                let kind = self.kind(*kind_id);
                let is_list = usize::from(LISTS.contains(&kind.as_str()));
                self.lists += is_list;
                self.children(&kind, children);
                self.lists -= is_list;
            }
        }
    }

    fn children(&mut self, kind: &str, children: &[PatternNode]) {
        let mut place = self.place(kind);
        let last = children.len().saturating_sub(1);
        let mut after_ellipsis = false;
        for (at, child) in children.iter().enumerate() {
            match child {
                PatternNode::MetaVar { meta_var: MetaVariable::Multiple | MetaVariable::MultiCapture(_) } => {
                    self.within(kind, place);
                    after_ellipsis = true;
                }
                // The matcher may skip punctuation and keywords that follow `$$$`, but a node that ends in a bracket
                // does so in the code too.
                PatternNode::Terminal { is_named: false, text, .. } if after_ellipsis => {
                    if at == last && is_closing(text) && self.unnamed {
                        self.token(text, false);
                    } else {
                        self.within(kind, place);
                        self.bracket(text);
                    }
                }
                PatternNode::MetaVar { .. } => {
                    after_ellipsis = false;
                    self.is_filled = true;
                    self.within(kind, place);
                }
                other => {
                    after_ellipsis = false;
                    self.node(other, place);
                }
            }
            if matches!(child, PatternNode::Terminal { text, .. } if text == ":") && COMPOUND.contains(&kind) {
                place = Gap::Any;
            }
        }
        let is_closed = matches!(children.last(), Some(PatternNode::Terminal { text, .. }) if is_closing(text));
        if self.trailing && !is_closed && !FIXED.contains(&kind) {
            self.within(kind, place);
        }
    }

    /// What a gap between the children of a node may hold.
    fn place(&self, kind: &str) -> Gap {
        let is_inside = match self.lang {
            Lang::Python => self.has_lines && !LINES.contains(&kind),
            Lang::Go => false,
            _ => EXPRESSIONS.contains(&kind),
        };
        if is_inside { Gap::Statement } else { Gap::Any }
    }

    /// Children that the pattern does not name.
    fn within(&mut self, kind: &str, place: Gap) {
        // What lies inside a text is not code, and is not read as code.
        self.over |= is_text(kind);
        self.anything(place);
    }

    fn anything(&mut self, place: Gap) {
        self.gap = self.gap.max(place);
    }

    fn token(&mut self, text: &str, is_word: bool) {
        if !self.over && self.steps.len() < MOST {
            let token = Token { text: text.as_bytes().to_vec(), is_word };
            // Where brackets may be skipped, their number says nothing.
            let (depth, floor) = if self.unnamed { (self.depth, self.floor) } else { (i32::MIN, i32::MIN) };
            let is_own = self.lists == 0;
            self.steps.push(Step { token, gap: self.gap, is_filled: self.is_filled, depth, floor, is_own });
        }
        self.gap = Gap::Tight;
        self.is_filled = false;
        self.bracket(text);
        self.floor = self.depth;
    }

    fn bracket(&mut self, text: &str) {
        match text {
            "(" | "[" | "{" => self.depth += 1,
            text if is_closing(text) => self.depth -= 1,
            // Others that hold brackets, such as `${`, are told from none.
            text if text.len() < 4 && text.contains(['(', ')', '[', ']', '{', '}']) => self.over = true,
            _ => {}
        }
        self.floor = self.floor.min(self.depth);
    }

    fn kind(&self, id: u16) -> String {
        self.lang.get_ts_language().node_kind_for_id(id).unwrap_or("").to_owned()
    }
}

fn is_closing(text: &str) -> bool {
    matches!(text, ")" | "]" | "}")
}

/// Tells whether a text can be a name or a keyword.
fn is_word(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_$".contains(&b))
}

/// Tells whether nodes of a kind are pieces of text, whose neighbours may be letters.
fn is_text(kind: &str) -> bool {
    [
        "string",
        "text",
        "content",
        "fragment",
        "comment",
        "escape",
        "regex",
        "template",
        "format",
        "jsx",
        "interpolation",
    ]
    .iter()
    .any(|part| kind.contains(part))
}
