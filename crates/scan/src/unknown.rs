//! Code in files whose name says nothing about their language.
//!
//! Frameworks have extensions of their own for pages and hooks. Such a file is read where it holds PHP,
//! and is said to be unread where it imports the SDK or calls it. What people read, data and media are
//! told by their extension and are not looked at.

use model::{
    diagnostic::{Code, Diagnostic},
    language::Language,
    source::{SourceFile, Span},
};

use crate::{
    listing::Found,
    mention,
    path::file_name,
    text::{self, Decoded},
};

/// Templates: what they hold beside PHP runs in browsers.
const TEMPLATES: [&str; 6] = ["tpl", "html", "htm", "twig", "latte", "ctp"];

/// Extensions of texts, data, styles, media and the like.
const NO_CODE: [&str; 97] = [
    "md",
    "markdown",
    "mdx",
    "rst",
    "org",
    "adoc",
    "txt",
    "text",
    "pod",
    "tex",
    "rtf",
    "pdf",
    "doc",
    "docx",
    "odt",
    "xls",
    "xlsx",
    "ppt",
    "pptx",
    "json",
    "jsonl",
    "json5",
    "ndjson",
    "lock",
    "yml",
    "yaml",
    "xml",
    "xsd",
    "xsl",
    "neon",
    "toml",
    "ini",
    "cfg",
    "conf",
    "env",
    "properties",
    "csv",
    "tsv",
    "sql",
    "sqlite",
    "db",
    "po",
    "pot",
    "mo",
    "ftl",
    "strings",
    "log",
    "diff",
    "patch",
    "orig",
    "rej",
    "css",
    "scss",
    "sass",
    "less",
    "map",
    "svg",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "ico",
    "bmp",
    "tif",
    "tiff",
    "psd",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "mp4",
    "webm",
    "mov",
    "ogg",
    "wav",
    "zip",
    "gz",
    "tgz",
    "bz2",
    "xz",
    "7z",
    "rar",
    "jar",
    "phar",
    "whl",
    "bin",
    "dat",
    "so",
    "dll",
    "exe",
    "wasm",
    "snap",
    "ipynb",
];

fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// Tells whether a file of this name may hold code of a language that the name does not tell.
pub(crate) fn may_be_code(name: &str) -> bool {
    extension(name).is_some_and(|extension| !NO_CODE.contains(&extension.as_str()))
}

/// Knows PHP by its opening tag, in files with an extension.
pub(crate) fn language(name: &str, bytes: &[u8]) -> Option<Language> {
    let is_php = may_be_code(name) && memchr::memmem::find(bytes, b"<?php").is_some();
    let is_text = memchr::memchr(0, bytes).is_none();
    (is_php && is_text).then_some(Language::Php)
}

/// Says where a file of an unknown language imports the SDK or calls it.
pub(crate) fn unread(found: &Found, bytes: &[u8]) -> Option<Diagnostic> {
    let name = file_name(&found.path);
    let extension = extension(name)?;
    if !may_be_code(name) || TEMPLATES.contains(&extension.as_str()) {
        return None;
    }
    if !text::is_wide(bytes) && !mention::mentions_stripe(bytes) {
        return None;
    }
    let (Decoded::Text(text) | Decoded::Repaired(text)) = text::decode(bytes) else {
        return None;
    };
    let line = text.lines().find(|line| calls_stripe(line))?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let span = Span {
        start: u32::try_from(start).ok()?,
        end: u32::try_from(start + line.len()).ok()?,
    };
    let message = format!("Stripe is called here, and files named `.{extension}` cannot be read");
    let source = SourceFile::new(found.path.clone(), Language::Python, text);
    Some(Diagnostic {
        location: source.location(span),
        code: Code::UnsupportedFile,
        message: message.into(),
        within: None,
    })
}

/// Tells whether a line imports the SDK, makes something of it or calls it.
fn calls_stripe(line: &str) -> bool {
    let line = line.trim();
    if ["#", "//", "*", "/*", "<!--", "--", ";"]
        .iter()
        .any(|comment| line.starts_with(comment))
    {
        return false;
    }
    let is_import = line == "import stripe"
        || [
            "import stripe ",
            "import stripe.",
            "import stripe,",
            "from stripe import",
            "from stripe.",
        ]
        .iter()
        .any(|import| line.starts_with(import));
    let is_made = [
        "require('stripe')",
        "require(\"stripe\")",
        "from 'stripe'",
        "from \"stripe\"",
        "new \\Stripe\\",
        "://api.stripe.com/v",
    ]
    .iter()
    .any(|made| line.contains(made));
    let is_static = line
        .find("\\Stripe\\")
        .and_then(|at| line.get(at..))
        .is_some_and(|rest| rest.contains("::"));
    is_import || is_made || is_static || calls_class(line)
}

/// Tells whether a line holds `stripe.Customer.create(`.
fn calls_class(line: &str) -> bool {
    line.match_indices("stripe.").any(|(at, word)| {
        let rest = line.get(at + word.len()..).unwrap_or_default();
        let name = |text: &str| {
            text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(text.len())
        };
        let (class, rest) = rest.split_at(name(rest));
        let Some(rest) = rest.strip_prefix('.') else {
            return false;
        };
        let (method, rest) = rest.split_at(name(rest));
        class.starts_with(|c: char| c.is_ascii_uppercase())
            && !method.is_empty()
            && rest.starts_with('(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_from_words() {
        for line in [
            "import stripe",
            "from stripe import Charge",
            "  c = stripe.Customer.create(email=e)",
            "$c = \\Stripe\\Customer::create([]);",
        ] {
            assert!(calls_stripe(line), "{line}");
        }
        for line in [
            "# import stripe",
            "important stripes",
            "we call stripe.Customer often",
            "stripe.confirmPayment({})",
            "see docs.stripe.com/api",
        ] {
            assert!(!calls_stripe(line), "{line}");
        }
    }

    #[test]
    fn documents_are_no_code() {
        assert!(may_be_code("page.spt"));
        assert!(may_be_code("acme.engine"));
        assert!(!may_be_code("README.md"));
        assert!(!may_be_code("composer.lock"));
        assert!(!may_be_code(".gitignore"));
        assert!(!may_be_code("Makefile"));
    }
}
