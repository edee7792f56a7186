//! The Language Server Protocol, as far as a renaming needs it.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{At, Raw, path, uri};
use super::rename::Asked;
use super::wire::Wire;
use crate::core::{Error, Kind, Result};

/// How often the same question is put at most, until the answer stays the same.
const ROUNDS: u32 = 8;
/// How many messages a server may send while it reads a project, before it is asked all the same.
const CHATTER: usize = 10_000;

/// Asks what a renaming changes; gives the server's name, too.
pub async fn ask(wire: Wire, asked: &Asked<'_>, program: &str) -> Result<(String, Vec<Raw>)> {
    let mut server = Session { wire, root: asked.root, id: 0, busy: HashSet::new(), is_settled: false };
    let root = uri(asked.root);
    let hello = server.request("initialize", json!({
        "processId": std::process::id(),
        "clientInfo": { "name": "heck" },
        "rootUri": root,
        "workspaceFolders": [{ "uri": root, "name": "repository" }],
        "initializationOptions": {},
        "capabilities": {
            "general": { "positionEncodings": ["utf-16"] },
            "window": { "workDoneProgress": true },
            "workspace": { "configuration": true, "workspaceFolders": true, "workspaceEdit": { "documentChanges": true } },
            "textDocument": { "rename": { "prepareSupport": true } },
        },
    })).await?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let name = text(&hello["serverInfo"]["name"]).unwrap_or_else(|| program.to_owned());
    let version = text(&hello["serverInfo"]["version"]).map(|text| format!(" {}", version(&text))).unwrap_or_default();
    if hello["capabilities"]["renameProvider"].is_null() {
        return Err(Error::tool(format!("{name} does not rename")).hint("name another server"));
    }
    server.notify("initialized", json!({})).await?;
    for shown in asked.shown.iter().rev() {
        let document =
            json!({ "uri": uri(&shown.path), "languageId": shown.language, "version": 1, "text": shown.text });
        server.notify("textDocument/didOpen", json!({ "textDocument": document })).await?;
    }
    // Asked before it has listed the project's files, pyright answers for those it knows, and does not say so.
    if program.contains("pyright") {
        server.listen_until_settled().await?;
    }
    let place = json!({
        "textDocument": { "uri": uri(&asked.shown[0].path) },
        "position": { "line": asked.at.line, "character": asked.at.column },
        "newName": asked.to,
    });
    let mut last = Vec::new();
    for round in 0..ROUNDS {
        let found = server.request("textDocument/rename", place.clone()).await?;
        let found = changes(&found);
        // The same answer twice, with nothing under way.
        if round > 0 && found == last && server.busy.is_empty() {
            break;
        }
        last = found;
        tokio::time::sleep(Duration::from_millis(50) * round).await;
    }
    // It has answered: how it ends is no matter, and its group is killed.
    if server.request("shutdown", Value::Null).await.is_ok() {
        let _ = server.notify("exit", Value::Null).await;
    }
    Ok((format!("{name}{version}"), last))
}

/// A version as people write it; gopls sends all that it was built from.
fn version(text: &str) -> String {
    let built: Option<Value> = serde_json::from_str(text).ok().filter(Value::is_object);
    built.map_or_else(|| text.to_owned(), |built| built["Version"].as_str().unwrap_or("of unknown version").to_owned())
}

/// The changes of texts in a workspace edit.
fn changes(edit: &Value) -> Vec<Raw> {
    let mut all = Vec::new();
    let mut add = |file: &str, edits: &Value| {
        for one in edits.as_array().into_iter().flatten() {
            let text = one["newText"].as_str().unwrap_or_default().to_owned();
            let Some(path) = path(file) else { continue };
            all.push(Raw { path, from: place(&one["range"]["start"]), to: place(&one["range"]["end"]), text });
        }
    };
    for (file, edits) in edit["changes"].as_object().into_iter().flatten() {
        add(file, edits);
    }
    for one in edit["documentChanges"].as_array().into_iter().flatten() {
        add(one["textDocument"]["uri"].as_str().unwrap_or_default(), &one["edits"]);
    }
    all
}

fn place(value: &Value) -> At {
    let number = |name: &str| value[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    At { line: number("line"), column: number("character") }
}

/// A message; one without parameters must not have any.
fn message(method: &str, params: Value) -> Value {
    let mut message = json!({ "jsonrpc": "2.0", "method": method });
    if !params.is_null() {
        message["params"] = params;
    }
    message
}

struct Session<'a> {
    wire: Wire,
    root: &'a Path,
    id: u64,
    /// What the server is doing, by its tokens.
    busy: HashSet<String>,
    /// Whether it has said how many files there are.
    is_settled: bool,
}

impl Session<'_> {
    async fn notify(&mut self, method: &str, params: Value) -> Result<()> {
        self.wire.send(&message(method, params)).await
    }

    async fn request(&mut self, method: &str, params: Value) -> Result<Value> {
        self.id += 1;
        let id = self.id;
        let mut asked = message(method, params);
        asked["id"] = json!(id);
        self.wire.send(&asked).await?;
        loop {
            let Some(mut answer) = self.receive().await? else { continue };
            if answer["id"] != json!(id) {
                continue;
            }
            if let Some(why) = answer["error"]["message"].as_str() {
                let first = why.lines().next().unwrap_or_default();
                return Err(Error::new(Kind::Tool, format!("the language server refused '{method}': {first}")));
            }
            return Ok(answer["result"].take());
        }
    }

    /// Takes one message; gives it back if it is an answer.
    async fn receive(&mut self) -> Result<Option<Value>> {
        let message = self.wire.receive().await?;
        let Some(method) = message["method"].as_str() else { return Ok(Some(message)) };
        let params = &message["params"];
        match method {
            "$/progress" => {
                let token = params["token"].to_string();
                match params["value"]["kind"].as_str() {
                    Some("begin") => drop(self.busy.insert(token)),
                    Some("end") => drop(self.busy.remove(&token)),
                    _ => {}
                }
            }
            "window/logMessage" => {
                let said = params["message"].as_str().unwrap_or_default();
                self.is_settled |= said.contains(" source file");
            }
            _ => {}
        }
        if !message["id"].is_null() {
            let items = params["items"].as_array().filter(|_| method == "workspace/configuration");
            let result = items.map_or(Value::Null, |all| all.iter().map(|one| self.setting(&one["section"])).collect());
            self.wire.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result })).await?;
        }
        Ok(None)
    }

    async fn listen_until_settled(&mut self) -> Result<()> {
        for _ in 0..CHATTER {
            if self.is_settled {
                break;
            }
            self.receive().await?;
        }
        Ok(())
    }

    /// What a server is told when it asks for settings.
    fn setting(&self, section: &Value) -> Value {
        match section.as_str() {
            Some("python") => {
                let interpreters = [".venv/bin/python", "venv/bin/python"].map(|path| self.root.join(path));
                let found = interpreters.iter().find(|path| path.exists());
                found.map_or(json!({}), |path| json!({ "pythonPath": path }))
            }
            Some("python.analysis" | "basedpyright.analysis") => {
                json!({ "diagnosticMode": "openFilesOnly", "autoSearchPaths": true })
            }
            // As TypeScript's own protocol is told, above.
            Some("typescript" | "javascript" | "js/ts") => json!({ "preferences": { "useAliasesForRenames": true } }),
            _ => Value::Null,
        }
    }
}
