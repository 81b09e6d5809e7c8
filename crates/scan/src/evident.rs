//! Which of the files that mention Stripe talk to it, themselves or through others of the unit.
//!
//! Plugins call their own things by Stripe's name: `Acme\Gateways\Stripe\Settings`, `Acme_Stripe_Helper`. That a
//! PHP file holds such a name says only that it has to do with what declares it. So a file talks to Stripe
//! *itself* that names what the unit does not declare, that is the SDK or the host of the API; it does so
//! *directly* if it uses what such a file declares, and else *from afar* if there are more files between.
//! What talks from afar has parts that do, and others that have nothing to do with Stripe.

use std::{collections::BTreeSet, ops::Range};

use memchr::memmem;
use model::{facts::FileFacts, language::Language};

use crate::{
    frontier::declarations,
    mention,
    names::{Meaning, full_name, has_word, is_place},
    parts::{around, parts},
    sdk::USUAL_PHP_ROOT,
    used::{Search, UsedNames},
};

/// A file that talks to Stripe.
pub(crate) struct Evident<'a> {
    /// What is in it.
    pub(crate) facts: &'a FileFacts,
    /// The parts of its text that do so; `None` for all of it, where it does so itself or directly.
    pub(crate) parts: Option<Vec<Range<usize>>>,
}

impl<'a> Evident<'a> {
    fn all_of(facts: &'a FileFacts) -> Self {
        Self { facts, parts: None }
    }
}

/// Lists the files that talk to Stripe.
pub(crate) fn evident<'a>(files: &'a [FileFacts], sdk_prefixes: &[String]) -> Vec<Evident<'a>> {
    let holds_name =
        |facts: &&FileFacts| mention::is_evidence(facts.source.text.as_bytes(), sdk_prefixes);
    let own = Own::of(files, sdk_prefixes);
    let (first, mut others): (Vec<&FileFacts>, Vec<&FileFacts>) = files
        .iter()
        .filter(holds_name)
        .partition(|facts| talks_itself(facts, sdk_prefixes, &own));
    if first.is_empty() {
        // How it talks to Stripe does not show; its own names are all there is to go by.
        return others.into_iter().map(Evident::all_of).collect();
    }
    let mut evident: Vec<Evident<'_>> = first.iter().copied().map(Evident::all_of).collect();
    let mut last = first;
    let mut is_direct = true;
    while !last.is_empty() && !others.is_empty() {
        let declared = Declared::by(&last);
        let Some(search) = declared.names.search() else {
            break;
        };
        let is_user = |facts: &&FileFacts| declared.is_used_in(facts, &search);
        (last, others) = others.into_iter().partition(is_user);
        evident.extend(last.iter().map(|facts| Evident {
            facts,
            parts: (!is_direct).then(|| parts_around(facts, &declared, &search)),
        }));
        is_direct = false;
    }
    evident
}

/// Tells whether a file names what only code that talks to Stripe does, and that is not of the unit itself.
fn talks_itself(facts: &FileFacts, sdk_prefixes: &[String], own: &Own<'_>) -> bool {
    let text = facts.source.text.as_bytes();
    if facts.language() != Language::Php || mention::holds_one(text, sdk_prefixes) {
        return true;
    }
    let meaning = Meaning::of(facts);
    mention::evident_places(text).any(|at| {
        let range = full_name(text, at);
        let before = &text[..range.start];
        let name = std::str::from_utf8(&text[range]).unwrap_or_default();
        !is_place(before) && !own.has(name, &meaning)
    })
}

/// What a unit declares in PHP.
struct Own<'a> {
    /// Classes and functions, in full.
    names: BTreeSet<&'a str>,
    /// Namespaces.
    namespaces: BTreeSet<&'a str>,
}

impl<'a> Own<'a> {
    fn of(files: &'a [FileFacts], sdk_prefixes: &[String]) -> Self {
        let is_of_sdk = |name: &str| {
            let is_behind = |root: &str| {
                let rest = name.strip_prefix(root.trim_end_matches('\\'));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'))
            };
            is_behind(USUAL_PHP_ROOT) || sdk_prefixes.iter().any(|prefix| is_behind(prefix))
        };
        let php = || {
            let files = files.iter();
            files.filter(|facts| facts.language() == Language::Php)
        };
        let names = php().flat_map(declarations);
        let names = names.map(|declaration| declaration.name);
        let names: BTreeSet<&str> = names.filter(|name| !is_of_sdk(name)).collect();
        let of_names = names
            .iter()
            .filter_map(|name| Some(name.rsplit_once('\\')?.0));
        Self {
            namespaces: of_names.collect(),
            names,
        }
    }

    /// Tells whether a name as it is written means something that the unit declares.
    fn has(&self, written: &str, meaning: &Meaning<'_>) -> bool {
        // In texts, separators may be written twice.
        let name = written.replace("\\\\", "\\");
        if let Some(imported) = meaning.imported(&name) {
            return self.is_within(&imported);
        }
        if self.is_within(name.trim_matches('\\')) {
            return true;
        }
        // An import says `Stripe\Charge` for the SDK, whatever is declared beside it.
        let of_sdk = name.strip_prefix(USUAL_PHP_ROOT);
        let may_be_beside = of_sdk.is_none_or(|rest| !rest.starts_with('\\'));
        may_be_beside
            && meaning
                .beside(&name)
                .any(|name| self.names.contains(&*name))
    }

    /// Tells whether a full name is something that the unit declares, or in a namespace of it that bears Stripe's
    /// name; other namespaces of it may hold an SDK that a build puts there.
    fn is_within(&self, name: &str) -> bool {
        let mut namespaces = name.match_indices('\\').map(|(cut, _)| &name[..cut]);
        self.names.contains(name)
            || self.namespaces.contains(name)
            || namespaces.any(|namespace| {
                namespace.contains(USUAL_PHP_ROOT) && self.namespaces.contains(namespace)
            })
    }
}

/// What files declare that others can use.
#[derive(Default)]
struct Declared<'a> {
    /// Classes and functions.
    names: UsedNames,
    /// Constants.
    constants: BTreeSet<&'a str>,
}

impl<'a> Declared<'a> {
    fn by(files: &[&'a FileFacts]) -> Self {
        let mut declared = Self::default();
        for facts in files {
            for declaration in declarations(facts) {
                declared.names.add(declaration.name, facts.language());
            }
            declared.constants.extend(constants(&facts.source.text));
        }
        declared
    }

    /// Tells whether a file uses something of it, found by a search for the names.
    fn is_used_in(&self, facts: &FileFacts, search: &Search<'_>) -> bool {
        self.is_used_at(0..facts.source.text.len(), facts, search)
    }

    fn is_used_at(&self, part: Range<usize>, facts: &FileFacts, search: &Search<'_>) -> bool {
        let mut constants = self.constants.iter();
        let text = &facts.source.text.as_bytes()[part.clone()];
        search.is_used_in(facts, part) || constants.any(|constant| has_word(text, constant))
    }
}

/// Lists the parts of a file that use something of `declared`, and those that call them or are called.
fn parts_around(
    facts: &FileFacts,
    declared: &Declared<'_>,
    search: &Search<'_>,
) -> Vec<Range<usize>> {
    let text = facts.source.text.as_bytes();
    let around = around(
        parts(facts),
        |part| declared.is_used_at(part.range.clone(), facts, search),
        |part, near| part.names(near, text) || near.names(part, text),
    );
    around.into_iter().map(|part| part.range).collect()
}

/// Lists the constants that a PHP file defines for all and that have to do with Stripe.
fn constants(text: &str) -> impl Iterator<Item = &str> {
    const DEFINE: &str = "define(";
    memmem::find_iter(text.as_bytes(), DEFINE).filter_map(|at| {
        let rest = &text[at + DEFINE.len()..];
        let definition = rest.split(';').next()?;
        if !mention::mentions_stripe(definition.as_bytes()) {
            return None;
        }
        let name = definition.trim_start().strip_prefix(['\'', '"'])?;
        name.split(['\'', '"']).next()
    })
}

#[cfg(test)]
mod tests {
    use model::source::SourceFile;

    use super::*;

    fn read(files: &[(&str, &str)]) -> Vec<FileFacts> {
        let read = |(path, code): &(&str, &str)| {
            let text = format!("<?php\n{code}");
            syntax::lower(SourceFile::new(*path, Language::Php, text))
        };
        files.iter().map(read).collect()
    }

    /// Lists the files that talk to Stripe, each with its parts that do so; `None` for all of it.
    fn found(files: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let files = read(files);
        let evident = evident(&files, &["Acme\\Vendor\\Stripe\\".to_owned()]);
        let said = evident.into_iter().map(|Evident { facts, parts }| {
            let text = |parts: Vec<Range<usize>>| {
                let parts = parts.into_iter().map(|part| &facts.source.text[part]);
                parts.collect::<Vec<_>>().join(" ")
            };
            (facts.source.path.to_string(), parts.map(text))
        });
        said.collect()
    }

    fn paths(files: &[(&str, &str)]) -> Vec<String> {
        found(files).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn what_names_only_things_of_the_unit_counts_by_what_they_do() {
        let files = [
            (
                "api.php",
                "class Acme_Stripe_Api { const URL = 'https://api.stripe.com/v1'; }",
            ),
            (
                "badge.php",
                "class Acme_Stripe_Badge { function draw() {} }",
            ),
            (
                "footer.php",
                "function footer() { ( new Acme_Stripe_Badge() )->draw(); }",
            ),
            (
                "pay.php",
                "function pay() { Acme_Stripe_Api::post( 'charges' ); }",
            ),
        ];
        assert_eq!(paths(&files), ["api.php", "pay.php"]);
    }

    #[test]
    fn own_namespaces_are_told_from_those_of_the_sdk() {
        let own = "namespace Acme\\Stripe; class Badge {}";
        let plugin = "namespace Acme; class Plugin { const FOR = 'stripe'; }";
        for (code, talks) in [
            (
                "namespace Acme; class Foot { function f(Stripe\\Badge $b) {} }",
                true,
            ),
            (
                "namespace Acme; use Acme\\Stripe\\Badge; class Foot {}",
                false,
            ),
            (
                "namespace Acme; use Acme\\Stripe; Stripe\\Badge::draw();",
                false,
            ),
            ("namespace Acme; use Stripe\\Badge; class Foot {}", true),
            ("namespace Acme; new Ui\\Stripe\\Tag();", false),
            ("/** @package Elsewhere\\Stripe */ class Foot {}", false),
            ("namespace Acme; \\Stripe\\Charge::all();", true),
            ("$c = '\\\\Acme\\\\Stripe\\\\Badge'; new $c();", false),
            ("use Acme\\Vendor\\Stripe\\Charge; Charge::all();", true),
            (
                "namespace Acme; use Acme\\Lib\\Stripe\\Charge; Charge::all();",
                true,
            ),
            ("Stripe::setApiKey( $key );", true),
        ] {
            let api = "$url = 'https://api.stripe.com';";
            let files = [
                ("api.php", api),
                ("badge.php", own),
                ("code.php", code),
                ("plugin.php", plugin),
                ("tag.php", "namespace Acme\\Ui\\Stripe; class Tag {}"),
            ];
            let is_found = paths(&files).contains(&"code.php".to_owned());
            assert_eq!(is_found, talks, "{code}");
        }
    }

    #[test]
    fn what_uses_a_constant_of_the_host_talks_to_it() {
        let files = [
            (
                "acme.php",
                "define( 'ACME_API', 'https://api.stripe.com' ); define( 'ACME_V', 2 );",
            ),
            (
                "client.php",
                "class Acme_Stripe_Client { function get() { return ACME_API; } }",
            ),
            (
                "notice.php",
                "class Acme_Stripe_Notice { function say() { return ACME_V; } }",
            ),
        ];
        assert_eq!(paths(&files), ["acme.php", "client.php"]);
    }

    #[test]
    fn from_afar_only_parts_talk() {
        let files = [
            (
                "api.php",
                "class Acme_Stripe_Api { const URL = 'https://api.stripe.com/v1'; }",
            ),
            (
                "pay.php",
                "class Acme_Stripe_Pay { function pay() { Acme_Stripe_Api::post(); } }",
            ),
            (
                "shop.php",
                "class Shop {
                    function buy() { ( new Acme_Stripe_Pay() )->pay( $this->args() ); }
                    function args() { return 1; }
                    function look() { return 2; }
                    function order() { $this->buy(); }
                 }",
            ),
        ];
        let found = found(&files);
        assert_eq!(found[0], ("api.php".to_owned(), None));
        assert_eq!(found[1], ("pay.php".to_owned(), None));
        let parts = found[2].1.as_deref().unwrap();
        for name in ["buy", "args", "order"] {
            assert!(parts.contains(&format!("function {name}")), "{name}");
        }
        assert!(!parts.contains("function look"));
    }

    #[test]
    fn own_names_count_where_nothing_else_shows() {
        let files = [
            (
                "api.php",
                "class Acme_Stripe_Api { function url() { return $this->host; } }",
            ),
            (
                "pay.php",
                "function pay() { ( new Acme_Stripe_Api() )->url(); }",
            ),
        ];
        assert_eq!(paths(&files), ["api.php", "pay.php"]);
    }
}
