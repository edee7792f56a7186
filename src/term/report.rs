//! An error for people, in one shape: what, where with the source line, what to do.

use super::{Paint, Style};
use crate::core::Error;

/// The text of an error; with `trace`, the call stack too.
pub fn report(error: &Error, paint: Paint, trace: bool) -> String {
    let detail = error.detail();
    let mut out = format!("{} {}", paint.paint(Style::Bad, "error:"), paint.paint(Style::Strong, &detail.message));
    let line = detail.span.map(|span| span.from.line);
    match (&detail.path, line) {
        (Some(path), Some(line)) => out.push_str(&format!("\n  {} {path}:{line}", paint.paint(Style::Hint, "-->"))),
        (Some(path), None) if !detail.message.contains(path.as_str()) => {
            out.push_str(&format!("\n  {} {path}", paint.paint(Style::Hint, "-->")));
        }
        _ => {}
    }
    if let (Some(source), Some(line)) = (&detail.source, line) {
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let bar = paint.paint(Style::Hint, "|");
        out.push_str(&format!("\n {gutter} {bar}\n {} {bar} {}", paint.paint(Style::Hint, &number), source.trim_end()));
    }
    if let Some(hint) = &detail.hint {
        out.push_str(&format!("\n{} {hint}", paint.paint(Style::Good, "hint:")));
    }
    let mut cause = detail.cause.as_deref();
    while let Some(error) = cause {
        out.push_str(&format!("\n{} {error}", paint.paint(Style::Warn, "caused by:")));
        cause = error.detail().cause.as_deref();
    }
    if let (true, Some(stack)) = (trace, &detail.trace) {
        out.push_str(&format!("\n{}", paint.paint(Style::Faint, "trace, innermost first:")));
        for line in stack.lines() {
            out.push_str(&format!("\n  {line}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Kind;
    use crate::core::text::Span;

    #[test]
    fn everything_that_is_known_is_shown_once() {
        let error = Error::new(Kind::Usage, "heck.fs has no 'raed'")
            .hint("did you mean 'read'?")
            .path("x.lua")
            .span(Span::line(12))
            .source_line("local t = heck.fs.raed('a')")
            .trace("x.lua:12 in run")
            .cause(Error::tool("deeper"));
        assert_eq!(
            report(&error, Paint::new(false), true),
            "error: heck.fs has no 'raed'\n  --> x.lua:12\n    |\n 12 | local t = heck.fs.raed('a')\nhint: did you mean 'read'?\ncaused by: deeper\ntrace, innermost first:\n  x.lua:12 in run"
        );
    }
}
