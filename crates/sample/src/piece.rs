//! Pieces of text with slots, and text that is put together from them.
//!
//! A slot is a backtick and a letter: a and b stand for names, A for the first of them as that of a
//! class, w for a phrase and n for a number. Pieces are separated by a line of `====`.

use crate::random::Random;

const WORDS: &str = include_str!("../templates/words.txt");
const PHRASES: &str = include_str!("../templates/phrases.txt");
const BETWEEN: &str = "====\n";

/// Fills the slots of pieces.
pub(crate) struct Writer {
    random: Random,
    words: Vec<&'static str>,
    phrases: Vec<&'static str>,
}

/// The names in a piece.
pub(crate) struct Names {
    /// What it is about.
    pub(crate) first: String,
    /// What else it names.
    pub(crate) second: String,
}

impl Writer {
    /// Makes a writer whose texts depend on `seed` alone.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            words: WORDS.split_whitespace().collect(),
            phrases: PHRASES.lines().collect(),
        }
    }

    /// Returns the numbers that the texts are drawn with.
    pub(crate) fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// Makes a name of two words.
    pub(crate) fn name(&mut self) -> String {
        let first = self.word();
        format!("{first}_{}", self.word())
    }

    /// Makes one name of one word.
    pub(crate) fn word(&mut self) -> &'static str {
        self.random.of(&self.words).copied().unwrap_or_default()
    }

    /// Makes names for one piece.
    pub(crate) fn names(&mut self) -> Names {
        Names {
            first: self.name(),
            second: self.word().to_owned(),
        }
    }

    /// Adds one piece of `pieces`, with names of its own.
    pub(crate) fn add_any(&mut self, text: &mut String, pieces: &str) {
        let all: Vec<&str> = split(pieces).collect();
        let piece = self.random.of(&all).copied().unwrap_or_default();
        let names = self.names();
        self.add(text, piece, &names);
    }

    /// Adds pieces until `text` has `size` bytes, and at least one.
    pub(crate) fn add_until(&mut self, text: &mut String, pieces: &str, size: usize) {
        loop {
            self.add_any(text, pieces);
            if text.len() >= size {
                return;
            }
        }
    }

    /// Adds `piece` with its slots filled.
    pub(crate) fn add(&mut self, text: &mut String, piece: &str, names: &Names) {
        let mut parts = piece.split('`');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let mut rest = part.chars();
            match rest.next() {
                Some('a') => text.push_str(&names.first),
                Some('b') => text.push_str(&names.second),
                Some('A') => text.push_str(&studly(&names.first)),
                Some('w') => text.push_str(self.random.of(&self.phrases).unwrap_or(&"")),
                Some('n') => text.push_str(&(1 + self.random.below(998)).to_string()),
                _ => {
                    text.push('`');
                    text.push_str(part);
                    continue;
                }
            }
            text.push_str(rest.as_str());
        }
        text.push('\n');
    }
}

/// Returns the pieces of a text.
pub(crate) fn split(pieces: &str) -> impl Iterator<Item = &str> {
    pieces.split(BETWEEN)
}

/// Writes a name as that of a class.
pub(crate) fn studly(name: &str) -> String {
    let capitalised = name.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    });
    capitalised.collect::<Vec<String>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_and_other_backticks_stay() {
        let names = Names {
            first: "price_list".to_owned(),
            second: "row".to_owned(),
        };
        let mut text = String::new();
        Writer::new(1).add(&mut text, "get_`a(`b) new `A; `${x}`", &names);
        assert_eq!(text, "get_price_list(row) new Price_List; `${x}`\n");
    }
}
