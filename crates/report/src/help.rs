//! What to do about something open: the entry or comment that closes it, ready to be copied.

use std::path::Path;

use model::{
    diagnostic::{Code, Diagnostic},
    language::Language,
};

/// Says what to do about a diagnostic, where a line says it.
pub(crate) fn help(open: &Diagnostic) -> Option<String> {
    match open.code {
        Code::DynamicOperation
        | Code::DynamicRequest
        | Code::DynamicExpand
        | Code::UnknownOperation
        | Code::ClientEscapes
        | Code::LimitExceeded
            if is_in_archive(&open.location.path) =>
        {
            Some(format!(
                "write {} under `assume:` in a rakscan.yaml, and give that with --config",
                assumed(open),
            ))
        }
        Code::DynamicOperation
        | Code::DynamicRequest
        | Code::UnknownOperation
        | Code::ClientEscapes
        | Code::LimitExceeded => Some(format!(
            "write `{} rakscan: uses OPERATION` on this line, or {} under `assume:` in rakscan.yaml",
            comment(&open.location.path),
            assumed(open),
        )),
        Code::DynamicExpand => Some(format!(
            "write `{} rakscan: uses customers.retrieve` on this line, a read for each object that is \
             expanded, or `rakscan: ignore[dynamic-expand] REASON`",
            comment(&open.location.path),
        )),
        Code::SyntaxError => Some(format!(
            "read that part, and write {} under `assume:` in rakscan.yaml",
            assumed(open),
        )),
        Code::FileTooLarge => Some(format!(
            "raise --max-file-size, or write {} under `ignore:` in rakscan.yaml",
            ignored(open)
        )),
        Code::NotSource | Code::UnsupportedFile => Some(format!(
            "read it, and write {} under `assume:` in rakscan.yaml",
            assumed(open),
        )),
        Code::UnreadableFile => Some(format!(
            "make it readable, or write {} under `ignore:` in rakscan.yaml",
            ignored(open)
        )),
        Code::UnreadArchive => Some("unpack the archive, and scan the folder".to_owned()),
        Code::BadDirective => {
            Some("write `rakscan: uses OPERATION, …` or `rakscan: ignore[CODE] REASON`".to_owned())
        }
        Code::UnusedDirective | Code::UnusedEntry => Some("remove or correct it".to_owned()),
        Code::InvalidUtf8
        | Code::EventObjects
        | Code::NotObeyed
        | Code::KeyInSource
        | Code::KeyInConfig
        | Code::KeyInBrowser
        | Code::KeyToStripeJs
        | Code::DebugWithKey
        | Code::FullKey
        | Code::WebhookSecret => None,
    }
}

/// Names the place as stably as it can be named: lines move.
fn assumed(open: &Diagnostic) -> String {
    let path = &open.location.path;
    let place = match &open.within {
        Some(function) => format!("at: {}, function: {}", quoted(path), quoted(function)),
        None if open.code.is_of_file() => format!("at: {}", quoted(path)),
        None => format!("at: {}", quoted(&format!("{path}:{}", open.location.line))),
    };
    format!("`- {{ {place}, uses: [OPERATION] }}`")
}

fn ignored(open: &Diagnostic) -> String {
    format!("`- {{ path: {}, reason: … }}`", quoted(&open.location.path))
}

/// Quotes what YAML would take for something else.
fn quoted(text: &str) -> String {
    let is_plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || "/._-:".contains(c))
        && text.starts_with(|c: char| c.is_alphanumeric() || "/._".contains(c))
        && !text.ends_with(':');
    if is_plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Tells whether a file is a member of an archive, where comments are not obeyed.
fn is_in_archive(path: &str) -> bool {
    path.contains("!/")
}

fn comment(path: &str) -> &'static str {
    match Language::from_path(Path::new(path)) {
        Some(Language::Python) => "#",
        _ => "//",
    }
}
