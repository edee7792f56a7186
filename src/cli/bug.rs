//! A panic is a bug in heck: said in one line, as an envelope if that was asked for, with its own exit code.

use std::io::Write;

use serde_json::json;

const CODE: i32 = 101;

/// Installs the handler.
pub fn catch(json: bool) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
        let message = format!("a bug in heck: {} ({place})", text.unwrap_or("no message"));
        let hint = "please report it with the command you ran; no change is half done";
        let error = json!({ "kind": "internal", "message": message, "hint": hint });
        let envelope = json!({
            "ok": false, "cmd": "", "version": env!("CARGO_PKG_VERSION"), "duration_ms": 0, "payload": null,
            "meta": {}, "error": error,
        });
        let _ = if json {
            writeln!(std::io::stdout(), "{envelope}")
        } else {
            writeln!(std::io::stderr(), "error: {message}\nhint: {hint}")
        };
        std::process::exit(CODE);
    }));
}
