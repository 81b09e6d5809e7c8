//! Which declared types say that a value may be nothing.
//!
//! The types that the front ends lower leave that out, because nothing has no members. Whether an
//! argument can be missing still decides for whom a request is sent.

/// Tells whether a type, as it is written, allows for nothing: `?string`, `str | None`,
/// `string | undefined`, `Optional[str]`.
pub(crate) fn allows_nothing(ty: &str) -> bool {
    let ty = ty.trim().trim_start_matches(':').trim();
    let outer = ty.split_once('[').map_or("", |(outer, _)| outer);
    let is_optional = outer.rsplit('.').next() == Some("Optional");
    ty.starts_with('?')
        || is_optional
        || ty.split('|').any(|part| {
            let part = part.trim();
            matches!(part, "null" | "None" | "undefined") || part.eq_ignore_ascii_case("null")
        })
}

#[cfg(test)]
mod tests {
    use super::allows_nothing;

    #[test]
    fn types_that_allow_nothing_are_told_from_others() {
        let optional = [
            "?string",
            ": string | undefined",
            "None | str",
            "Optional[str]",
        ];
        assert!(optional.into_iter().all(allows_nothing));
        assert!(allows_nothing("typing.Optional[acme.Account]"));
        let others = [
            "string",
            ": Acme",
            "NullAccount | str",
            "dict[str, Optional[str]]",
        ];
        assert!(!others.into_iter().any(allows_nothing));
    }
}
