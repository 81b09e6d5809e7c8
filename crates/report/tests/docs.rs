//! Documents about a manifest: what they say, and what is left alone in them.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod manifest;

use manifest::{empty, shop};
use model::manifest::{Feature, Manifest};
use pulldown_cmark::{Event, Options, Parser, Tag};
use report::docs::{DocsError, Markup, render, update};

const README: &str = "\
=== Acme Shop ===
Contributors: acme
Tags: shop
Requires at least: 6.4
Tested up to: 6.8
Stable tag: 4.0.8
License: MIT

Sells things.

== Description ==

An example.

== Changelog ==

= 4.0.8 =
* First.
";

/// The shop, whose first permission only an optional part of it needs.
fn with_feature() -> Manifest {
    let mut manifest = shop();
    manifest.features = vec![Feature {
        name: "Gift cards".into(),
        optional: true,
    }];
    for request in &mut manifest.permissions[1].requests {
        request.features = vec!["Gift cards".into()];
    }
    manifest
}

#[test]
fn the_block_is_a_table_with_a_row_for_each_permission() {
    let text = render(&with_feature(), Markup::Markdown);
    let events: Vec<Event<'_>> = Parser::new_ext(&text, Options::ENABLE_TABLES).collect();
    let n_of = |is: fn(&Tag<'_>) -> bool| {
        let starts = events.iter();
        starts
            .filter(|event| matches!(event, Event::Start(tag) if is(tag)))
            .count()
    };
    assert_eq!(n_of(|tag| matches!(tag, Tag::Table(_))), 2, "{text}");
    // What nothing reaches is not part of the key.
    assert_eq!(n_of(|tag| matches!(tag, Tag::TableRow)), 3 + 1, "{text}");
    assert!(text.contains("only if you use Gift cards"), "{text}");
    assert!(text.contains("This list may lack something"), "{text}");
    assert!(text.contains("/test/apikeys/create?"), "{text}");
}

#[test]
fn what_stands_around_the_markers_stays() {
    let old = "# Shop\n\n<!-- stripe-permissions:start -->\nold\n<!-- stripe-permissions:end -->\n\nMore.\n";
    let new = update(old, &shop(), Markup::Markdown).unwrap();
    assert!(new.starts_with("# Shop\n\n<!-- stripe-permissions:start -->\n"));
    assert!(new.ends_with("<!-- stripe-permissions:end -->\n\nMore.\n"));
    assert!(!new.contains("old"));
    assert_eq!(update(&new, &shop(), Markup::Markdown).unwrap(), new);
}

#[test]
fn without_markers_a_section_is_added() {
    let new = update("# Shop\n\nMore.", &shop(), Markup::Markdown).unwrap();
    assert!(new.starts_with("# Shop\n\nMore.\n\n## Stripe permissions\n\n<!--"));
    assert_eq!(update(&new, &shop(), Markup::Markdown).unwrap(), new);
}

#[test]
fn markers_come_in_one_pair() {
    let of = |text: &str| update(text, &shop(), Markup::Markdown).unwrap_err();
    let lone = of("a\n<!-- stripe-permissions:end -->\n");
    assert!(matches!(lone, DocsError::LoneMarker { line: 2, .. }));
    let twice = "<!-- stripe-permissions:start -->\n<!-- stripe-permissions:end -->\n".repeat(2);
    assert!(matches!(
        of(&twice),
        DocsError::SecondMarker { line: 3, .. }
    ));
}

#[test]
fn a_readme_gets_a_list_and_an_answer_before_the_changelog() {
    let new = update(README, &with_feature(), Markup::Readme).unwrap();
    let places: Vec<usize> = [
        "== Description ==",
        "== External services ==",
        "= Stripe restricted key permissions =",
        "== Frequently Asked Questions ==",
        "= Which permissions must a Stripe restricted key have? =",
        "== Changelog ==",
    ]
    .iter()
    .map(|heading| new.find(&format!("{heading}\n")).unwrap())
    .collect();
    assert!(places.is_sorted(), "{new}");
    assert!(new.contains("* Core: "), "{new}");
    assert!(!new.contains("\n|"), "the parser knows no tables: {new}");
    assert_eq!(update(&new, &with_feature(), Markup::Readme).unwrap(), new);
}

#[test]
fn a_readme_still_keeps_the_rules_of_wordpress() {
    let new = update(README, &shop(), Markup::Readme).unwrap();
    let mut lines = new.lines();
    assert_eq!(lines.next(), Some("=== Acme Shop ==="));
    let header: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    assert!(header.iter().any(|line| line.starts_with("Stable tag:")));
    let short = lines.next().unwrap();
    assert!(short.chars().count() <= 150);
    let names = |level: &str| -> Vec<&str> {
        let lines = new.lines();
        lines
            .filter(|line| {
                line.starts_with(&format!("{level} ")) && line.ends_with(&format!(" {level}"))
            })
            .collect()
    };
    let mut sections = names("==");
    assert_eq!(sections.len(), 4, "{sections:?}");
    sections.sort_unstable();
    sections.dedup();
    assert_eq!(sections.len(), 4, "no section stands there twice");
    // The directory cuts sections off after this many words.
    assert!(new.split_whitespace().count() < 5000);
}

#[test]
fn a_section_that_is_there_is_used_and_its_other_parts_stay() {
    let old = README.replace(
        "== Changelog ==",
        "== External services ==\n\n= Stripe =\n\nTerms.\n\n= Stripe restricted key permissions =\n\nold\n\n\
         = Mailer =\n\nSends mail.\n\n== Changelog ==",
    );
    let new = update(&old, &shop(), Markup::Readme).unwrap();
    assert!(!new.contains("\nold\n"), "{new}");
    assert!(new.contains("= Stripe =\n\nTerms.\n\n= Stripe restricted key permissions =\n"));
    assert!(new.contains("\n\n= Mailer =\n\nSends mail.\n"));
    assert_eq!(new.matches("== External services ==").count(), 1);
}

#[test]
fn line_ends_are_kept() {
    let old = README.replace('\n', "\r\n");
    let new = update(&old, &shop(), Markup::Readme).unwrap();
    assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
}

#[test]
fn other_files_are_refused() {
    let wrong = update("Hello.\n", &shop(), Markup::Readme).unwrap_err();
    assert_eq!(wrong, DocsError::NotReadme);
}

#[test]
fn code_that_needs_nothing_says_so() {
    let manifest = empty("lib");
    assert!(render(&manifest, Markup::Markdown).contains("No Stripe permission is needed."));
    assert!(render(&manifest, Markup::Readme).contains("No Stripe permission is needed."));
}
