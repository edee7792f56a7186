//! Where in the author's code something happened: frames of the Lua stack, cleaned of our own.

use mlua::Lua;

use super::Profile;
use super::context::Context;
use crate::core::text::Span;
use crate::core::{Error, Kind};

/// One frame of the author's code.
#[derive(Debug, Clone)]
struct Frame {
    chunk: String,
    line: usize,
    function: Option<String>,
}

/// The frames from a level outwards, without Rust's; heck's own only where there are no others.
fn frames(lua: &Lua, cx: &Context) -> Vec<Frame> {
    let mut all = Vec::new();
    for level in 0..200 {
        let frame = lua.inspect_stack(level, |debug| {
            let source = debug.source();
            let chunk = source.source.as_deref().unwrap_or_default().trim_start_matches(['@', '=']).to_owned();
            let function = debug.names().name.map(std::borrow::Cow::into_owned);
            // mlua's own Lua code, in which a call of ours waits.
            let is_ours = source.what == "C" || chunk.starts_with("__mlua");
            (!is_ours).then(|| Frame { chunk, line: debug.current_line().unwrap_or(0), function })
        });
        match frame {
            Some(Some(frame)) if frame.line > 0 => all.push(frame),
            Some(_) => {}
            None => break,
        }
    }
    if all.iter().any(|frame| cx.is_user_chunk(&frame.chunk)) {
        all.retain(|frame| cx.is_user_chunk(&frame.chunk));
    }
    all
}

/// Adds place, source line and trace to an error that is passing, where it has none yet.
pub fn locate(lua: &Lua, error: &mut Error) {
    let cx = Context::of(lua);
    let frames = frames(lua, &cx);
    let detail = error.detail_mut();
    if detail.trace.is_none() && !frames.is_empty() {
        let lines: Vec<String> = frames
            .iter()
            .map(|frame| match &frame.function {
                Some(name) => format!("{}:{} in {name}", frame.chunk, frame.line),
                None => format!("{}:{}", frame.chunk, frame.line),
            })
            .collect();
        detail.trace = Some(lines.join("\n"));
    }
    if cx.profile == Profile::Builtin && detail.kind != Kind::Internal {
        // The user did not write heck's own code: its lines would only distract.
        return;
    }
    let stated = strip_position(&mut detail.message, &frames);
    let place = stated.or_else(|| frames.first().map(|frame| (frame.chunk.clone(), frame.line)));
    if let Some((chunk, line)) = place
        && detail.source.is_none()
        && detail.span.is_none()
    {
        detail.source = cx.source_line(&chunk, line);
        detail.span = Some(Span::line(line));
        // A file the error is about is more telling than the script that met it: keep it in the message.
        detail.path = Some(chunk);
    }
}

/// Removes the `chunk:12: ` that Lua puts before a message, and gives it as a place. Lua shortens long
/// names, so the chunk is the frame's that ends alike.
fn strip_position(message: &mut String, frames: &[Frame]) -> Option<(String, usize)> {
    let (head, rest) = message.split_once(": ")?;
    let (name, line) = head.rsplit_once(':')?;
    let line: usize = line.parse().ok()?;
    let short = name.trim_start_matches("...");
    let chunk = frames.iter().find(|frame| frame.chunk.ends_with(short)).map(|frame| frame.chunk.clone());
    let place = (chunk.unwrap_or_else(|| name.to_owned()), line);
    *message = rest.to_owned();
    Some(place)
}
