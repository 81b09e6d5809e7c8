//! Requests of one call that differ only in the end of their path.
//!
//! `if ($id) $url .= '/' . $id` gives a path with and one without the id, where nothing is known of
//! the id. One of them may be no endpoint at all: then it is the other that is requested.

use model::api::{Catalog, Method, PathTemplate};

use crate::{
    request::{clean_path, stripe_path},
    value::{Origin, Piece, Text},
};

/// A path that one call can reach.
#[derive(Clone, Debug)]
pub(crate) struct Twin {
    path: PathTemplate,
    /// What wrote the beginning, and what the id at the end is.
    head: Origin,
    tail: Option<Origin>,
}

/// Returns the paths that the URLs or paths of one call mean.
pub(crate) fn twins(texts: &[Text]) -> Vec<Twin> {
    if texts.len() < 2 {
        return Vec::new();
    }
    texts.iter().filter_map(twin).collect()
}

fn twin(text: &Text) -> Option<Twin> {
    let template = text.template();
    let path = clean_path(stripe_path(&template).unwrap_or(&template))?;
    let pieces = text.0.iter();
    let heads = pieces.filter_map(|piece| match piece {
        Piece::Literal(_, origin) => Some(*origin),
        Piece::Hole(_) => None,
    });
    let tail = text.0.iter().rev().find_map(|piece| match piece {
        Piece::Hole(origin) => Some(*origin),
        Piece::Literal(..) => None,
    });
    Some(Twin {
        path,
        head: heads.fold(Origin::HERE, Origin::join),
        tail,
    })
}

/// Tells whether a path is one that the call does not request.
pub(crate) fn is_stray(
    catalog: &Catalog,
    method: Method,
    path: &PathTemplate,
    twins: &[Twin],
) -> bool {
    let is_known = |path| catalog.find(method, path).is_some();
    let own = is_known(path);
    twins.iter().any(|twin| {
        let is_longer = is_continued(path, &twin.path);
        if !own {
            return is_known(&twin.path) && (is_longer || is_continued(&twin.path, path));
        }
        // Who reads or deletes and hands in an id, means that one; what is saved can be new.
        method != Method::Post && is_longer && is_known(&twin.path) && is_handed_in(twin)
    })
}

/// Tells whether one path is the other with an id behind it, and perhaps more.
fn is_continued(path: &PathTemplate, by: &PathTemplate) -> bool {
    let rest = by.as_str().strip_prefix(path.as_str());
    rest.is_some_and(|rest| rest.starts_with("/{"))
}

/// Tells whether the id at the end is an argument of its own.
fn is_handed_in(twin: &Twin) -> bool {
    let in_head = |index| twin.head.params().any(|other| other == index);
    twin.tail
        .is_some_and(|tail| tail.params().any(|index| !in_head(index)))
}
