//! One pattern without its signs before and behind: `src/**/*.{js,ts}`.

/// How many patterns one with braces may stand for.
const MOST: usize = 64;

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternFault {
    #[error("a `{{` has no `}}`")]
    UnclosedBrace,
    #[error("a `}}` has no `{{`")]
    UnopenedBrace,
    #[error("a `\\` at the end stands before nothing")]
    DanglingEscape,
    #[error("a range in `[…]` ends before it begins")]
    InvalidRange,
    #[error("it stands for more than {MOST} patterns")]
    TooMany,
}

/// A pattern, in the parts between its slashes.
#[derive(Clone, Debug)]
pub(super) struct Glob(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    /// `**`: any folders, or none.
    Folders,
    /// A name.
    Name(Vec<Token>),
}

#[derive(Clone, Debug)]
enum Token {
    Char(char),
    /// `?`
    Any,
    /// `*`
    Many,
    /// `[a-z]`, `[!a-z]`
    Class {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
}

impl Glob {
    /// Reads a text, which stands for several patterns where it has braces.
    pub(super) fn parse(text: &str, is_anchored: bool) -> Result<Vec<Self>, PatternFault> {
        let texts = expanded(text)?;
        texts
            .iter()
            .map(|text| Self::one(text, is_anchored))
            .collect()
    }

    fn one(text: &str, is_anchored: bool) -> Result<Self, PatternFault> {
        let mut parts = Vec::new();
        if !is_anchored {
            parts.push(Part::Folders);
        }
        for part in text.split('/') {
            parts.push(match part {
                "**" => Part::Folders,
                name => Part::Name(tokens(name)?),
            });
        }
        // `folder/**` is what is in the folder, not the folder.
        if matches!(parts.last(), Some(Part::Folders)) {
            parts.push(Part::Name(vec![Token::Many]));
        }
        Ok(Self(parts))
    }

    /// Tells whether it matches a whole path, given in its parts.
    pub(super) fn matches(&self, path: &[&str]) -> bool {
        let is_many = |part: &Part| matches!(part, Part::Folders);
        let fits = |part: &Part, name: &&str| match part {
            Part::Folders => true,
            Part::Name(tokens) => matches_name(tokens, name),
        };
        wildcard(&self.0, path, is_many, fits)
    }
}

fn matches_name(tokens: &[Token], name: &str) -> bool {
    let chars: Vec<char> = name.chars().collect();
    let is_many = |token: &Token| matches!(token, Token::Many);
    wildcard(tokens, &chars, is_many, |token, char| token.fits(*char))
}

/// Matches a sequence in which some elements stand for any number of items.
///
/// It is enough to go back to the last such element: what stands before it has matched the fewest
/// items that it can.
fn wildcard<P, I>(
    pattern: &[P],
    items: &[I],
    is_many: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &I) -> bool,
) -> bool {
    let (mut at, mut n) = (0, 0);
    let mut back = None;
    while let Some(item) = items.get(n) {
        match pattern.get(at) {
            Some(element) if is_many(element) => {
                back = Some((at + 1, n));
                at += 1;
            }
            Some(element) if fits(element, item) => {
                at += 1;
                n += 1;
            }
            _ => {
                let Some((after, from)) = back else {
                    return false;
                };
                back = Some((after, from + 1));
                (at, n) = (after, from + 1);
            }
        }
    }
    pattern.iter().skip(at).all(is_many)
}

impl Token {
    fn fits(&self, char: char) -> bool {
        match self {
            Self::Char(own) => *own == char,
            Self::Any | Self::Many => true,
            Self::Class { ranges, is_negated } => {
                let is_in = ranges
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&char));
                is_in != *is_negated
            }
        }
    }
}

fn tokens(name: &str) -> Result<Vec<Token>, PatternFault> {
    let mut tokens = Vec::new();
    let mut rest = name.chars();
    while let Some(char) = rest.next() {
        tokens.push(match char {
            '*' => Token::Many,
            '?' => Token::Any,
            '\\' => Token::Char(rest.next().ok_or(PatternFault::DanglingEscape)?),
            '[' => match class(rest.as_str())? {
                Some((class, behind)) => {
                    rest = behind.chars();
                    class
                }
                // Without an end it is a bracket like any other.
                None => Token::Char('['),
            },
            char => Token::Char(char),
        });
    }
    Ok(tokens)
}

/// Reads what stands behind `[`, and returns what follows; `None` where there is no `]`.
fn class(text: &str) -> Result<Option<(Token, &str)>, PatternFault> {
    let is_negated = text.starts_with(['!', '^']);
    let inner = if is_negated { &text[1..] } else { text };
    // A bracket that stands first is one of the characters.
    let first = inner.chars().next().map_or(0, char::len_utf8);
    let Some(end) = inner.get(first..).and_then(|text| text.find(']')) else {
        return Ok(None);
    };
    let (chars, behind) = inner.split_at(first + end);
    let chars: Vec<char> = chars.chars().collect();
    let mut ranges = Vec::new();
    let mut rest = chars.as_slice();
    loop {
        rest = match rest {
            [from, '-', to, rest @ ..] => {
                if from > to {
                    return Err(PatternFault::InvalidRange);
                }
                ranges.push((*from, *to));
                rest
            }
            [one, rest @ ..] => {
                ranges.push((*one, *one));
                rest
            }
            [] => break,
        };
    }
    Ok(Some((Token::Class { ranges, is_negated }, &behind[1..])))
}

/// Writes out what braces stand for: `*.{js,ts}` is `*.js` and `*.ts`.
fn expanded(text: &str) -> Result<Vec<String>, PatternFault> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        match braces(&text)? {
            None => done.push(text),
            Some((before, choices, behind)) => {
                let texts = choices
                    .iter()
                    .map(|choice| format!("{before}{choice}{behind}"));
                open.extend(texts);
            }
        }
        if done.len() + open.len() > MOST {
            return Err(PatternFault::TooMany);
        }
    }
    Ok(done)
}

/// Braces: what stands before them, the choices in them, and what stands behind.
type Braces<'t> = (&'t str, Vec<&'t str>, &'t str);

/// Finds the first braces.
fn braces(text: &str) -> Result<Option<Braces<'_>>, PatternFault> {
    let mut start = None;
    // Where the choices begin.
    let mut choices = Vec::new();
    let mut depth = 0_usize;
    let mut next = 0;
    while let Some(char) = text[next..].chars().next() {
        let at = next;
        next += char.len_utf8();
        match char {
            '\\' => {
                let escaped = text[next..].chars().next();
                next += escaped.ok_or(PatternFault::DanglingEscape)?.len_utf8();
            }
            '[' => {
                if let Some((_, behind)) = class(&text[next..])? {
                    next = text.len() - behind.len();
                }
            }
            '{' => {
                depth += 1;
                if depth == 1 {
                    start = Some(at);
                    choices.push(next);
                }
            }
            ',' if depth == 1 => choices.push(next),
            '}' => {
                depth = depth.checked_sub(1).ok_or(PatternFault::UnopenedBrace)?;
                if let (0, Some(start)) = (depth, start) {
                    let choices = choices_in(text, &choices, at);
                    return Ok(Some((&text[..start], choices, &text[next..])));
                }
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(PatternFault::UnclosedBrace);
    }
    Ok(None)
}

/// Cuts out the choices that begin at `starts`, of which the last ends at `end`; empty ones are none.
fn choices_in<'t>(text: &'t str, starts: &[usize], end: usize) -> Vec<&'t str> {
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([end]);
    let all = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| &text[*start..end]);
    let choices: Vec<&str> = all.filter(|choice| !choice.is_empty()).collect();
    if choices.is_empty() {
        vec![""]
    } else {
        choices
    }
}
