//! Rewrites syntax that is newer than the grammar, byte for byte.
//!
//! Only what is parsed changes; names and literals are still read from the file itself, so every
//! place keeps its offset, and a rewrite inside a text or comment changes nothing. Done only where the
//! grammar found errors. What is taken away says something of types alone.

use model::language::Language;

/// PHP keywords that the grammar does not take for the name of a constant.
const CONSTANTS: [&str; 2] = ["namespace", "callable"];

/// Returns what the grammar can read of a text; `None` where there is nothing to change.
pub(crate) fn in_older_syntax(text: &str, language: Language) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let words = words(text);
    for (index, word) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| words.get(index));
        let place = Place {
            text,
            word: *word,
            before: before.copied(),
        };
        let change = match language {
            Language::Php => place.php(),
            Language::TypeScript | Language::Tsx => place.typescript(),
            Language::JavaScript => place.javascript(),
            Language::Python => None,
        };
        if let Some((start, end, with)) = change {
            bytes.get_mut(start..end)?.fill(with);
        }
    }
    let changed = String::from_utf8(bytes).ok()?;
    (changed != text).then_some(changed)
}

/// Where a word begins and ends.
type Word = (usize, usize);

/// What is replaced, and by which byte.
type Change = (usize, usize, u8);

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().enumerate() {
        match (is_word(byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| (from, text.len())));
    words
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii()
}

/// A word and what stands around it.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    word: Word,
    before: Option<Word>,
}

impl<'t> Place<'t> {
    fn text(self) -> &'t str {
        self.text.get(self.word.0..self.word.1).unwrap_or_default()
    }

    /// Returns the word that stands directly before this one.
    fn word_before(self) -> Option<&'t str> {
        let (start, end) = self.before?;
        let between = self.text.get(end..self.word.0)?;
        let is_blank = between.chars().all(char::is_whitespace);
        is_blank.then(|| self.text.get(start..end)).flatten()
    }

    fn rest(self) -> &'t str {
        self.text.get(self.word.1..).unwrap_or_default()
    }

    fn blank(self) -> Change {
        (self.word.0, self.word.1, b' ')
    }

    fn php(self) -> Option<Change> {
        let is_keyword = CONSTANTS
            .iter()
            .any(|name| self.text().eq_ignore_ascii_case(name));
        let after = self.rest().trim_start();
        let is_set = after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=>");
        let is_constant = is_keyword && is_set && self.word_before().is_some();
        is_constant.then_some((self.word.1 - 1, self.word.1, b'_'))
    }

    fn javascript(self) -> Option<Change> {
        let is_star = self.rest().trim_start().starts_with('*');
        let is_mark = matches!(
            (self.word_before(), self.text()),
            (Some("export"), "type") | (Some("import"), "defer")
        );
        (is_mark && is_star).then(|| self.blank())
    }

    fn typescript(self) -> Option<Change> {
        let is_accessor = self.text() == "accessor" && self.word_before() == Some("abstract");
        if is_accessor || self.is_variance() {
            return Some(self.blank());
        }
        self.javascript().or_else(|| self.imported_type())
    }

    /// `<in out T>` says how types of one name relate.
    fn is_variance(self) -> bool {
        let ahead = self.text.get(..self.word.0).unwrap_or_default().trim_end();
        let is_first = ahead.ends_with(['<', ',']);
        let rest = self.rest();
        let is_followed = rest.starts_with(' ')
            && rest
                .trim_start()
                .starts_with(|next: char| next.is_alphabetic());
        is_followed
            && match self.text() {
                "in" => is_first,
                "out" => is_first || self.word_before() == Some("in"),
                _ => false,
            }
    }

    /// `import('./x').A<B>`: leaves `A<B>`. What is imported is a type, for no module has such a member
    /// before it is awaited; types of Stripe itself are left alone.
    fn imported_type(self) -> Option<Change> {
        if self.text() != "import" {
            return None;
        }
        let inside = self.rest().strip_prefix('(')?;
        let quote = inside
            .chars()
            .next()
            .filter(|quote| matches!(quote, '\'' | '"'))?;
        let (module, after) = inside.get(1..)?.split_once(quote)?;
        let member = after.strip_prefix(").")?;
        let end = member.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.'))?;
        let last = member.get(..end)?.rsplit('.').next()?;
        let is_type = last.starts_with(char::is_uppercase) && member.get(end..)?.starts_with('<');
        let start = self.text.len() - member.len();
        (is_type && !module.starts_with("stripe")).then_some((self.word.0, start, b' '))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, language: Language) -> String {
        in_older_syntax(text, language).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn types_that_the_grammar_does_not_know_are_blanked() {
        let typescript = |text| changed(text, Language::TypeScript);
        assert_eq!(
            typescript("export type * from 'x'"),
            "export      * from 'x'"
        );
        assert_eq!(typescript("class A<in out T> {}"), "class A<       T> {}");
        assert_eq!(
            typescript("let a: import('x').A<B>"),
            "let a:             A<B>"
        );
    }

    #[test]
    fn code_is_left_alone() {
        for text in [
            "for (const a in b) {}",
            "const a = import('x').then(f)",
            "let a: import('stripe').Stripe.Response<B>",
            "export type A = B",
            "f(a, out)",
        ] {
            assert_eq!(in_older_syntax(text, Language::TypeScript), None, "{text}");
        }
    }

    #[test]
    fn constants_can_be_named_like_keywords() {
        let php = |text| changed(text, Language::Php);
        assert_eq!(php("const NAMESPACE = 1;"), "const NAMESPAC_ = 1;");
        assert_eq!(
            in_older_syntax("namespace A; $namespace = 1;", Language::Php),
            None
        );
    }
}
