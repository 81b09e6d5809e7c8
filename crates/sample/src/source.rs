//! Source text of any length.

use crate::piece::Writer;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A class of a WordPress plugin.
    PhpClass,
    /// A page with PHP in it.
    PhpTemplate,
    /// Functions, hooks and tables in PHP.
    PhpFunctions,
    /// A script of a WordPress plugin.
    JavaScript,
    /// The same, as a tool makes it smaller.
    Minified,
    /// Services of a web application.
    TypeScript,
    /// Views and forms of a web application.
    Python,
    /// A style sheet.
    Style,
    /// A translation.
    Translation,
    /// What the directory of plugins shows.
    Readme,
    /// A drawing.
    Drawing,
}

impl Kind {
    const fn pieces(self) -> &'static str {
        match self {
            Self::PhpClass => include_str!("../templates/php-method.txt"),
            Self::PhpTemplate => include_str!("../templates/php-template.txt"),
            Self::PhpFunctions => include_str!("../templates/php-function.txt"),
            Self::JavaScript => include_str!("../templates/javascript.txt"),
            Self::Minified => include_str!("../templates/minified.txt"),
            Self::TypeScript => include_str!("../templates/typescript.txt"),
            Self::Python => include_str!("../templates/python.txt"),
            Self::Style => include_str!("../templates/style.txt"),
            Self::Translation => include_str!("../templates/translation.txt"),
            Self::Readme => include_str!("../templates/readme.txt"),
            Self::Drawing => include_str!("../templates/svg.txt"),
        }
    }
}

/// Writes about `size` bytes; the same `seed` gives the same text.
#[must_use]
pub fn source(kind: Kind, seed: u64, size: usize) -> String {
    let mut writer = Writer::new(seed);
    let mut text = String::with_capacity(size + (2 << 10));
    let (head, tail) = around(kind, &mut writer);
    text.push_str(&head);
    writer.add_until(&mut text, kind.pieces(), size);
    if kind == Kind::Minified {
        text.retain(|c| c != '\n');
    }
    text.push_str(tail);
    text
}

/// Returns what stands before and behind the pieces.
fn around(kind: Kind, writer: &mut Writer) -> (String, &'static str) {
    let class = crate::piece::studly(&writer.name());
    match kind {
        Kind::PhpClass => (
            format!(
                "<?php\n/**\n * {class}.\n */\n\ndefined( 'ABSPATH' ) || exit;\n\nclass {class} {{\n"
            ),
            "}\n",
        ),
        Kind::PhpFunctions => ("<?php\ndefined( 'ABSPATH' ) || exit;\n\n".to_owned(), ""),
        Kind::PhpTemplate => (format!("<?php\n/**\n * Template: {class}\n */\n?>\n"), ""),
        Kind::JavaScript => (
            "( function ( $ ) {\n\t'use strict';\n".to_owned(),
            "} )( jQuery );\n",
        ),
        Kind::Drawing => (
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\">\n".to_owned(),
            "</svg>\n",
        ),
        Kind::Python => (
            "from django import forms\nfrom django.shortcuts import get_object_or_404, render\n\n"
                .to_owned(),
            "",
        ),
        Kind::TypeScript => (
            "import { Inject, Injectable } from '@nestjs/common';\n\n".to_owned(),
            "",
        ),
        Kind::Translation => (
            "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n"
                .to_owned(),
            "",
        ),
        Kind::Minified | Kind::Style | Kind::Readme => (String::new(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_long_as_asked_and_the_same_again() {
        let text = source(Kind::PhpClass, 3, 20_000);
        assert!((20_000..23_000).contains(&text.len()), "{}", text.len());
        assert_eq!(text, source(Kind::PhpClass, 3, 20_000));
        assert_ne!(text, source(Kind::PhpClass, 4, 20_000));
        assert!(!text.to_lowercase().contains("stripe"));
    }

    #[test]
    fn what_is_made_small_is_one_line() {
        assert_eq!(source(Kind::Minified, 1, 9_000).lines().count(), 1);
    }
}
