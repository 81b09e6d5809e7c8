//! Which files lie between the packages of a repository and have to be read too.
//!
//! A plain scan reads what has to do with Stripe. To tell which service reaches it, the way there is
//! needed: the files that import such code from another package, and those that hand it on. They are
//! found by their imports, read from text alone, over every source file.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use model::{Name, facts::FileFacts, language::Language, source::SourceFile, unit::UnitFacts};
use rayon::prelude::*;
use resolve::Finder;

use super::{
    closure::reached,
    part::{Part, owner},
};
use crate::{
    harvest::Reader,
    listing::{Found, Listing},
    reference::modules_in,
};

/// Returns the paths of the files on a way from one part into code of another that leads to `hot`.
pub(super) fn between(
    parts: &[Part],
    listing: &Listing,
    facts: &UnitFacts,
    hot: &BTreeSet<Name>,
    reader: &Reader<'_>,
) -> BTreeSet<Name> {
    let files: Vec<(&Found, Language)> = listing
        .files
        .iter()
        .filter_map(|found| Some((found, found.language?)))
        .collect();
    let graph = graph(&files, facts, reader);
    let is_hot = |file: &usize| {
        files
            .get(*file)
            .is_some_and(|(found, _)| hot.contains(&found.path))
    };
    let leading = reached((0..files.len()).filter(is_hot), |file| {
        graph.users.get(*file).into_iter().flatten().copied()
    });
    let part = |file: usize| files.get(file).map(|(found, _)| owner(parts, &found.path));
    let crossing = leading.iter().flat_map(|user| {
        let used = graph.used.get(*user).into_iter().flatten();
        let used = used.filter(|used| leading.contains(used) && part(**used) != part(*user));
        used.map(|used| (*user, *used))
    });
    let (users, used): (BTreeSet<usize>, BTreeSet<usize>) = crossing.unzip();
    let handed = reached(used, |file| {
        let used = graph.used.get(*file).into_iter().flatten().copied();
        used.filter(|used| leading.contains(used))
            .collect::<Vec<_>>()
    });
    let mut between: BTreeSet<Name> = users
        .union(&handed)
        .filter_map(|file| Some(files.get(*file)?.0.path.clone()))
        .collect();
    between.extend(users_in_php(parts, &files, facts, hot, reader));
    between
}

/// Which file imports which, both ways.
struct Graph {
    used: Vec<Vec<usize>>,
    users: Vec<Vec<usize>>,
}

fn graph(files: &[(&Found, Language)], facts: &UnitFacts, reader: &Reader<'_>) -> Graph {
    // Only paths are needed to say what an import means.
    let unit = UnitFacts {
        files: files
            .iter()
            .map(|(found, language)| {
                FileFacts::empty(SourceFile::new(found.path.clone(), *language, ""))
            })
            .collect(),
        packages: facts.packages.clone(),
        aliases: facts.aliases.clone(),
        python_roots: facts.python_roots.clone(),
        ..UnitFacts::default()
    };
    let finder = Finder::new(&unit);
    let used: Vec<Vec<usize>> = files
        .par_iter()
        .map(|(found, language)| {
            let Some(text) = reader.text(found).filter(|_| *language != Language::Php) else {
                return Vec::new();
            };
            let modules = modules_in(*language, &text).into_iter();
            modules
                .flat_map(|module| finder.files(*language, &found.path, &module))
                .collect()
        })
        .collect();
    let mut users = vec![Vec::new(); files.len()];
    for (user, used) in used.iter().enumerate() {
        for one in used {
            if let Some(users) = users.get_mut(*one) {
                users.push(user);
            }
        }
    }
    Graph { used, users }
}

/// Returns the PHP files that name a class of another part which leads to Stripe.
fn users_in_php(
    parts: &[Part],
    files: &[(&Found, Language)],
    facts: &UnitFacts,
    hot: &BTreeSet<Name>,
    reader: &Reader<'_>,
) -> Vec<Name> {
    let classes: Vec<(usize, &str)> = facts
        .files
        .iter()
        .filter(|file| file.language() == Language::Php && hot.contains(&file.source.path))
        .flat_map(|file| {
            let part = owner(parts, &file.source.path);
            let names = file.classes.iter().map(|class| &*class.name);
            names
                .filter(|name| name.contains('\\'))
                .map(move |name| (part, name))
        })
        .collect();
    let Ok(search) = AhoCorasick::new(classes.iter().map(|(_, name)| name)) else {
        return Vec::new();
    };
    if classes.is_empty() {
        return Vec::new();
    }
    let php = files
        .par_iter()
        .filter(|(_, language)| *language == Language::Php);
    php.filter(|(found, _)| {
        let own = owner(parts, &found.path);
        let text = reader.text(found).unwrap_or_default();
        search.find_overlapping_iter(text.as_bytes()).any(|hit| {
            let class = classes.get(hit.pattern().as_usize());
            class.is_some_and(|(part, _)| *part != own)
        })
    })
    .map(|(found, _)| found.path.clone())
    .collect()
}
