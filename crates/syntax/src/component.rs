//! Finds the script inside a component file (`.vue`, `.svelte`, `.astro`).
//!
//! Everything else is blanked out, byte for byte, so that every place in the script keeps its offset
//! and its line. What a template calls is deliberately not read.

use std::{borrow::Cow, path::Path};

use model::{
    language::{Language, is_component},
    source::SourceFile,
};

/// What is parsed of a file, and as which language.
pub(crate) struct Script<'a> {
    /// The text, as long as the whole file.
    pub(crate) text: Cow<'a, str>,
    /// The language of the script.
    pub(crate) language: Language,
}

/// Returns the whole text of a plain file, and of a component file only its scripts.
pub(crate) fn script(file: &SourceFile) -> Script<'_> {
    if !is_component(Path::new(&*file.path)) {
        return Script {
            text: Cow::Borrowed(&file.text),
            language: file.language,
        };
    }
    let fences = if file.path.to_ascii_lowercase().ends_with(".astro") {
        Fences::Read
    } else {
        Fences::Ignore
    };
    let (text, with_jsx) = blank(&file.text, fences);
    Script {
        text: Cow::Owned(text),
        language: if with_jsx {
            Language::Tsx
        } else {
            Language::TypeScript
        },
    }
}

/// Whether what stands between `---` at the top is a script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fences {
    Read,
    Ignore,
}

/// Keeps the scripts and turns all else into spaces; tells whether a script holds JSX.
fn blank(text: &str, fences: Fences) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    if fences == Fences::Read
        && let Some((before, script, after)) = frontmatter(text)
    {
        push_blank(before, &mut out);
        out.push_str(script);
        rest = after;
    }
    let mut with_jsx = false;
    while let Some(block) = next_script(rest) {
        push_blank(block.before, &mut out);
        if is_code(block.tag) {
            out.push_str(block.body);
            with_jsx |= has_jsx(block.tag);
        } else {
            push_blank(block.body, &mut out);
        }
        rest = block.after;
    }
    push_blank(rest, &mut out);
    (out, with_jsx)
}

fn push_blank(text: &str, out: &mut String) {
    out.extend(text.bytes().map(|byte| match byte {
        b'\n' | b'\r' => char::from(byte),
        _ => ' ',
    }));
}

/// Splits at the fences: all up to the first one, the script, and the rest from the second one on.
fn frontmatter(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.len()
        - text
            .trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
            .len();
    let inside = start + 3;
    let body = text.get(start..)?.strip_prefix("---")?;
    let end = inside + body.find("\n---")?;
    Some((
        text.get(..inside)?,
        text.get(inside..end)?,
        text.get(end..)?,
    ))
}

/// One script block and what surrounds it.
struct Block<'a> {
    /// All up to the end of the opening tag.
    before: &'a str,
    /// The opening tag.
    tag: &'a str,
    body: &'a str,
    /// All from the closing tag on.
    after: &'a str,
}

fn next_script(text: &str) -> Option<Block<'_>> {
    let tag_start = find_tag(text, "<script")?;
    let tag_end = tag_start + tag_length(text.get(tag_start..)?)?;
    let tag = text.get(tag_start..tag_end)?;
    let inside = text.get(tag_end..)?;
    let length = if tag.ends_with("/>") {
        0
    } else {
        find_tag(inside, "</script").unwrap_or(inside.len())
    };
    let (body, after) = inside.split_at_checked(length)?;
    Some(Block {
        before: text.get(..tag_end)?,
        tag,
        body,
        after,
    })
}

/// Finds a tag by the way it begins, in any case, followed by what is no letter.
fn find_tag(text: &str, opening: &str) -> Option<usize> {
    text.match_indices('<').map(|(at, _)| at).find(|at| {
        let found = text.get(*at..*at + opening.len());
        let next = text
            .get(*at + opening.len()..)
            .and_then(|t| t.chars().next());
        found.is_some_and(|found| found.eq_ignore_ascii_case(opening))
            && !next.is_some_and(|c| c.is_alphanumeric() || c == '-')
    })
}

/// Returns the length of the tag that `text` begins with; a `>` in quotes does not end it.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Tells whether a script block holds code and not data or a template.
fn is_code(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    !["json", "text/template", "text/html", "text/x-", "importmap"]
        .iter()
        .any(|other| tag.contains(other))
}

fn has_jsx(tag: &str) -> bool {
    ["\"tsx\"", "\"jsx\"", "'tsx'", "'jsx'"]
        .iter()
        .any(|language| tag.contains(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_are_left() {
        let text = "<template>é</template>\n<script setup lang=\"ts\" generic=\"T extends A<B>\">\na()\n</script>\n<script type=\"application/json\">{}</script><SCRIPT>b()</SCRIPT>";
        let (blanked, with_jsx) = blank(text, Fences::Ignore);
        assert_eq!(blanked.len(), text.len());
        assert_eq!(blanked.find("a()"), text.find("a()"));
        assert_eq!(
            blanked.split_whitespace().collect::<Vec<_>>(),
            ["a()", "b()"]
        );
        assert!(!with_jsx);
    }

    #[test]
    fn fences_of_astro_hold_a_script() {
        let text = "---\nconst a = 1;\n---\n<p>{a}</p>\n<script>b()</script>";
        let (blanked, _) = blank(text, Fences::Read);
        assert_eq!(blanked.find("b()"), text.find("b()"));
        assert_eq!(
            blanked.split_whitespace().collect::<String>(),
            "consta=1;b()"
        );
        assert_eq!(blank(text, Fences::Ignore).0.trim(), "b()");
    }

    #[test]
    fn a_component_is_read_in_its_own_lines() {
        let text =
            "<script lang=\"tsx\">\nimport Stripe from 'stripe';\nconst x = <b/>;\n</script>";
        let facts = crate::lower(SourceFile::new("a.vue", Language::TypeScript, text));
        let import = facts.imports.first().expect("the import is read");
        assert_eq!(facts.source.line(import.span.start), 2);
        assert_eq!(facts.errors, []);
    }

    #[test]
    fn broken_markup_is_no_problem() {
        for text in [
            "<script",
            "<script>",
            "<script src='a",
            "---\n",
            "<",
            "</script>",
            "<script/>x",
        ] {
            let (blanked, _) = blank(text, Fences::Read);
            assert_eq!(blanked.len(), text.len(), "{text}");
        }
    }
}
