//! Runs Stripe's own program, where the user asks for it, and reads what it prints.
//!
//! It gets its arguments as they are, without a shell, and has a limited time and room to answer in.
//! What it prints is not trusted.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use miette::Diagnostic;
use model::{permission::PermissionId, source};
use serde::Deserialize;

/// Most bytes that are read of what a program prints.
const LONGEST: u64 = 1 << 20;
/// How often a running program is looked after.
const STEP: Duration = Duration::from_millis(20);
/// How long output may lag behind the end of the program.
const LAG: Duration = Duration::from_secs(2);

/// Why the program gave no answer.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ProgramError {
    #[error("there is no program `{}`", program.display())]
    #[diagnostic(help(
        "install it as https://docs.stripe.com/stripe-cli says, or name it: --with-stripe-cli=PROGRAM"
    ))]
    Missing { program: PathBuf },
    #[error("cannot run `{}`", program.display())]
    #[diagnostic(help("name another one with --with-stripe-cli=PROGRAM"))]
    NotRun { program: PathBuf, source: io::Error },
    #[error("`{}` gave no answer in {seconds} s", program.display())]
    #[diagnostic(help("see whether it waits for a login, or raise --timeout"))]
    TimedOut { program: PathBuf, seconds: u64 },
    #[error("`{} keys permissions` failed with {status}: {said}", program.display())]
    #[diagnostic(help(
        "it needs `stripe login` or a secret key that is not restricted, and a release that has the command"
    ))]
    Failed {
        program: PathBuf,
        status: ExitStatus,
        said: String,
    },
    #[error("cannot understand what `{} keys permissions` printed: {said}", program.display())]
    #[diagnostic(help("it should list permissions; another release of it may"))]
    NotUnderstood { program: PathBuf, said: String },
}

/// What Stripe says about some endpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The permissions that all of them need together.
    pub(crate) permissions: BTreeSet<PermissionId>,
    /// Endpoints without an answer, and why.
    pub(crate) unresolved: Vec<Unresolved>,
}

/// An endpoint that Stripe does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Unresolved {
    pub(crate) endpoint: String,
    #[serde(default)]
    pub(crate) reason: String,
}

/// The answer as Stripe's server gives it.
#[derive(Deserialize)]
struct Response {
    permissions: Vec<String>,
    #[serde(default)]
    unresolved_endpoints: Vec<Unresolved>,
}

/// Asks `program` which permissions `endpoints` need.
pub(crate) fn ask(
    program: &Path,
    endpoints: &[String],
    limit: Duration,
) -> Result<Answer, ProgramError> {
    let mut command = Command::new(program);
    command.args(["keys", "permissions"]).args(endpoints);
    let (status, out, talk) = run(&mut command, program, limit)?;
    if !status.success() {
        return Err(ProgramError::Failed {
            program: program.to_owned(),
            status,
            said: first_line(&talk, &out),
        });
    }
    read(&out, &talk).ok_or_else(|| ProgramError::NotUnderstood {
        program: program.to_owned(),
        said: first_line(&out, &talk),
    })
}

/// Runs `command` and returns how it ended and what it printed on both streams.
fn run(
    command: &mut Command,
    program: &Path,
    limit: Duration,
) -> Result<(ExitStatus, String, String), ProgramError> {
    let not_run = |source: io::Error| {
        let program = program.to_owned();
        if source.kind() == io::ErrorKind::NotFound {
            ProgramError::Missing { program }
        } else {
            ProgramError::NotRun { program, source }
        }
    };
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(not_run)?;
    let out = child.stdout.take().map(read_beside);
    let talk = child.stderr.take().map(read_beside);
    let Some(status) = wait(&mut child, limit).map_err(not_run)? else {
        return Err(ProgramError::TimedOut {
            program: program.to_owned(),
            seconds: limit.as_secs(),
        });
    };
    Ok((status, received(out), received(talk)))
}

/// Reads a stream on a thread of its own, so that a full pipe stops nobody.
fn read_beside(stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut stream = stream;
        let mut bytes = Vec::new();
        // What could be read counts; nobody may be waiting for it any more.
        let _ = stream.by_ref().take(LONGEST).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    receiver
}

/// Returns what was read; nothing where something else keeps the stream open.
fn received(stream: Option<Receiver<Vec<u8>>>) -> String {
    let bytes = stream.and_then(|stream| stream.recv_timeout(LAG).ok());
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

/// Waits for the end of `child`, and ends it where it takes longer than `limit`.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= limit {
            // It may have ended in between, which is as good.
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        thread::sleep(STEP);
    }
}

/// Reads an answer: the JSON of Stripe's server, or the list that the program makes of it.
fn read(out: &str, talk: &str) -> Option<Answer> {
    if out.trim_start().starts_with('{') {
        let response: Response = serde_json::from_str(out).ok()?;
        return Some(Answer {
            permissions: ids(response.permissions.iter().map(String::as_str))?,
            unresolved: response.unresolved_endpoints,
        });
    }
    let mut lines = out.lines().map(str::trim_end);
    let listed = lines.find(|line| {
        ["Required permissions:", "No permissions resolved."].contains(&line.trim())
    })?;
    let is_list = listed.contains("Required");
    let listed = lines.take_while(|line| is_list && line.starts_with(char::is_whitespace));
    let permissions = ids(listed.map(str::trim))?;
    if is_list && permissions.is_empty() {
        return None;
    }
    let warnings = talk.lines().filter_map(|line| {
        let (endpoint, reason) = line.trim().strip_prefix("Warning: ")?.split_once(" — ")?;
        Some(Unresolved {
            endpoint: endpoint.to_owned(),
            reason: reason.to_owned(),
        })
    });
    Some(Answer {
        permissions,
        unresolved: warnings.collect(),
    })
}

/// Reads ids; `None` where one does not look like any.
fn ids<'a>(all: impl Iterator<Item = &'a str>) -> Option<BTreeSet<PermissionId>> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    all.map(|id| PermissionId::parse(id).filter(|_| id.chars().all(is_part)))
        .collect()
}

/// Returns the first line that says something, short and without secrets.
fn first_line(first: &str, second: &str) -> String {
    let mut lines = first.lines().chain(second.lines());
    let line = lines.find(|line| !line.trim().is_empty());
    line.map_or_else(|| "nothing".to_owned(), source::excerpt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(answer: &Answer) -> Vec<String> {
        answer.permissions.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_list_of_the_program_is_read() {
        let out =
            "Required permissions:\n  charge_read\n  rak_plan_write\n\nA newer version is there\n";
        let talk = "Warning: GET /v1/wonders — not found\nsomething else\n";
        let answer = read(out, talk).unwrap();
        assert_eq!(permissions(&answer), ["charge_read", "plan_write"]);
        assert_eq!(answer.unresolved[0].endpoint, "GET /v1/wonders");
        assert_eq!(answer.unresolved[0].reason, "not found");
        assert_eq!(
            read("No permissions resolved.\n", ""),
            Some(Answer::default())
        );
    }

    #[test]
    fn the_json_of_the_server_is_read() {
        let out = r#"{"permissions":["charge_read"],"unresolved_endpoints":[{"endpoint":"GET /x","reason":"r"}]}"#;
        let answer = read(out, "").unwrap();
        assert_eq!(permissions(&answer), ["charge_read"]);
        assert_eq!(answer.unresolved.len(), 1);
    }

    #[test]
    fn anything_else_is_no_answer() {
        for out in [
            "",
            "hello",
            "{",
            "{\"permissions\":[\"\\u001b[2J_read\"]}",
            "{\"error\":1}",
            "Required permissions:\n  what?\n",
            "Required permissions:\n",
        ] {
            assert_eq!(read(out, ""), None, "{out}");
        }
    }

    #[test]
    fn a_secret_in_what_it_says_is_masked() {
        let said = format!("\nbad key sk_live_{}\n", "a".repeat(24));
        assert_eq!(first_line(&said, ""), "bad key sk_live_…aaaa");
        assert_eq!(first_line("", " \n"), "nothing");
    }
}
