//! TypeScript's own protocol: requests with a `seq`, answers with a `request_seq`, lines and columns from 1.

use serde_json::{Value, json};

use super::answer::{At, Raw};
use super::rename::Asked;
use super::wire::Wire;
use crate::core::{Error, Kind, Result};

/// Asks what a renaming changes; gives the server's name, too.
pub async fn ask(wire: Wire, asked: &Asked<'_>) -> Result<(String, Vec<Raw>)> {
    let mut server = Session { wire, seq: 0 };
    let status = server.request("status", json!({})).await?;
    let version = status["version"].as_str().unwrap_or("of unknown version").to_owned();
    // Shorthand properties and passed-on names keep their meaning only with what stands before and after the name.
    let preferences = json!({ "providePrefixAndSuffixTextForRename": true });
    server.request("configure", json!({ "hostInfo": "heck", "preferences": preferences })).await?;
    let options = json!({
        "allowJs": true, "target": "esnext", "module": "esnext", "moduleResolution": "bundler", "jsx": "preserve",
        "allowSyntheticDefaultImports": true,
    });
    server.request("compilerOptionsForInferredProjects", json!({ "options": options })).await?;
    let file = |shown: &super::rename::Shown| shown.path.display().to_string();
    // Without a tsconfig.json it knows only what was opened, and what that imports.
    for shown in asked.shown.iter().rev() {
        server
            .tell("open", json!({ "file": file(shown), "fileContent": shown.text, "projectRootPath": asked.root }))
            .await?;
    }
    let at = json!({
        "file": file(&asked.shown[0]), "line": asked.at.line + 1, "offset": asked.at.column + 1,
        "findInStrings": false, "findInComments": false,
    });
    let found = server.request("rename", at).await?;
    server.tell("exit", json!({})).await?;
    if found["info"]["canRename"] != json!(true) {
        let why = found["info"]["localizedErrorMessage"].as_str().unwrap_or("it is nothing that has a name");
        return Err(Error::new(Kind::NotFound, format!("TypeScript cannot rename this: {why}")));
    }
    let mut all = Vec::new();
    for group in found["locs"].as_array().into_iter().flatten() {
        for one in group["locs"].as_array().into_iter().flatten() {
            let part = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            all.push(Raw {
                path: group["file"].as_str().unwrap_or_default().into(),
                from: place(&one["start"]),
                to: place(&one["end"]),
                text: format!("{}{}{}", part("prefixText"), asked.to, part("suffixText")),
            });
        }
    }
    Ok((format!("TypeScript {version}"), all))
}

fn place(value: &Value) -> At {
    let number = |name: &str| value[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(1).saturating_sub(1);
    At { line: number("line"), column: number("offset") }
}

struct Session {
    wire: Wire,
    seq: u64,
}

impl Session {
    async fn tell(&mut self, command: &str, arguments: Value) -> Result<()> {
        self.seq += 1;
        let message = json!({ "seq": self.seq, "type": "request", "command": command, "arguments": arguments });
        self.wire.send(&message).await
    }

    async fn request(&mut self, command: &str, arguments: Value) -> Result<Value> {
        self.tell(command, arguments).await?;
        loop {
            let mut message = self.wire.receive().await?;
            if message["type"] != "response" || message["request_seq"] != json!(self.seq) {
                continue;
            }
            if message["success"] != json!(true) {
                let why = message["message"].as_str().unwrap_or("no reason given").lines().next().unwrap_or_default();
                return Err(Error::tool(format!("TypeScript did not answer '{command}': {why}")));
            }
            return Ok(message["body"].take());
        }
    }
}
