//! A throw-away repository with its own home, and the program run in it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

/// How a run ended.
#[derive(Debug, Clone)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The envelope on stdout; there must be exactly one.
    pub fn json(&self) -> Json {
        assert_eq!(self.stdout.trim_end().lines().count(), 1, "not one envelope: {self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Everything for people: code, stdout, stderr.
    pub fn shown(&self) -> String {
        format!(
            "exit {}\n{}{}{}",
            self.code,
            self.stdout,
            if self.stderr.is_empty() { "" } else { "--- stderr\n" },
            self.stderr
        )
    }
}

/// A repository and a home of its own.
pub struct Sandbox {
    dir: tempfile::TempDir,
    pub env: Vec<(String, Option<String>)>,
}

/// The root of this project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of this project.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(project().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every file below a folder of this project with an ending, sorted.
pub fn files(folder: &str, ending: &str) -> Vec<String> {
    fn walk(dir: &Path, ending: &str, all: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, ending, all);
            } else if path.to_string_lossy().ends_with(ending) {
                all.push(path);
            }
        }
    }
    let mut all = Vec::new();
    walk(&project().join(folder), ending, &mut all);
    let mut names: Vec<String> = all
        .iter()
        .map(|p| p.strip_prefix(project()).expect("below the project").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

impl Sandbox {
    /// A git repository with these files, committed.
    pub fn new(files: &[(&str, &str)]) -> Sandbox {
        let sandbox = Sandbox::bare(files);
        sandbox.git(&["init", "-q", "-b", "main"]);
        sandbox.git(&["add", "-A"]);
        sandbox.git(&["commit", "-q", "--allow-empty", "-m", "first"]);
        sandbox
    }

    /// A repository of three small files in two directories.
    pub fn three() -> Sandbox {
        Sandbox::new(&[("src/a.ts", "f(1);\n"), ("src/b.ts", "f(2);\n"), ("other/c.ts", "f(3);\n")])
    }

    /// A directory with these files and no git.
    pub fn bare(files: &[(&str, &str)]) -> Sandbox {
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir_all(dir.path().join("repo")).expect("mkdir");
        std::fs::create_dir_all(dir.path().join("home")).expect("mkdir");
        let sandbox = Sandbox { dir, env: Vec::new() };
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("repo").canonicalize().expect("the repository")
    }

    pub fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let full = self.root().join(path);
        std::fs::create_dir_all(full.parent().expect("a parent")).expect("mkdir");
        std::fs::write(full, bytes).expect("write");
    }

    pub fn chmod(&self, path: &str, mode: u32) {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(self.root().join(path), mode).expect("chmod");
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@t.invalid"])
            .args(args)
            .current_dir(self.root())
            .env("HOME", self.home())
            .output()
            .expect("git");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn status(&self) -> String {
        self.git(&["status", "--short"])
    }

    /// Runs heck in the repository.
    pub fn heck(&self, args: &[&str]) -> Run {
        self.run(args, None, &self.root())
    }

    /// Runs heck with standard input.
    pub fn heck_with(&self, args: &[&str], input: &str) -> Run {
        self.run(args, Some(input), &self.root())
    }

    pub fn command(&self, cwd: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heck"));
        command
            .current_dir(cwd)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home())
            .env("LANG", "C.UTF-8");
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    pub fn run(&self, args: &[&str], input: Option<&str>, cwd: &Path) -> Run {
        let mut command = self.command(cwd);
        command.args(args);
        finish(command, input)
    }

    /// Trusts the code in `.heck` of this sandbox.
    pub fn trust(&self) {
        let run = self.heck(&["trust", "--yes", "--quiet"]);
        assert_eq!(run.code, 0, "{run:?}");
    }
}

/// Runs a command to its end. One that hangs is killed after a minute, which fails the test.
pub fn finish(mut command: Command, input: Option<&str>) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.unwrap_or_default().to_owned();
    let feed = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let (mut out, mut err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
    let stdout = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = out.read_to_end(&mut bytes);
        bytes
    });
    let stderr = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = err.read_to_end(&mut bytes);
        bytes
    });
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("wait") {
            break status;
        }
        if begun.elapsed() > Duration::from_secs(60) {
            let _ = child.kill();
            let _ = child.wait();
            panic!("it hangs: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let _ = feed.join();
    let text =
        |handle: std::thread::JoinHandle<Vec<u8>>| String::from_utf8_lossy(&handle.join().expect("read")).into_owned();
    Run { code: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
}

/// Replaces what differs from run to run: patch ids, directories, times.
pub fn stable(text: &str, sandbox: &Sandbox) -> String {
    let text = text
        .replace(&*sandbox.root().to_string_lossy(), "<repo>")
        .replace(&*sandbox.home().to_string_lossy(), "<home>");
    let id = regex::Regex::new(r"\d{8}-\d{6}-[0-9a-f]{7}").expect("a pattern");
    let time = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("a pattern");
    let digest = regex::Regex::new(r"\b[0-9a-f]{32}\b").expect("a pattern");
    let text = id.replace_all(&text, "<id>");
    let text = time.replace_all(&text, "<time>");
    digest.replace_all(&text, "<digest>").into_owned()
}
