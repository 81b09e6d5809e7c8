//! Workflow commands of GitHub Actions: what is open, as annotations beside the code.
//!
//! GitHub shows ten annotations of a level and step; what is beyond that is a line of the log. The
//! job summary is the Markdown report; where it is written to is for the program to know.

use std::io::{self, Write};

use model::manifest::Manifest;

use crate::{
    Options,
    link::part_of_key,
    problem::{Level, Problem, problems},
    sanitize,
};

/// How many annotations of one level GitHub shows of a step.
const SHOWN: usize = 10;

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for manifest in manifests {
        writeln!(out, "rakscan: {}", safe(&summary(manifest)))?;
    }
    let all = problems(manifests, options);
    for level in [Level::Error, Level::Warning] {
        let of_level: Vec<&Problem<'_>> = all.iter().filter(|one| one.level == level).collect();
        let (shown, rest) = of_level.split_at(of_level.len().min(SHOWN));
        for problem in shown {
            annotation(problem, out)?;
        }
        if !rest.is_empty() {
            let (n, id) = (rest.len(), level.id());
            let word = if n == 1 { "is" } else { "are" };
            let plural = if n == 1 { "" } else { "s" };
            writeln!(
                out,
                "::notice title=rakscan::{n} more {id}{plural} {word} in the log of this step"
            )?;
        }
        for problem in rest {
            let (path, at) = (safe(&problem.path), problem.at);
            let message = safe(&problem.message);
            let (id, rule) = (level.id(), problem.rule.id());
            writeln!(
                out,
                "{id}: {path}:{}:{}: {message} [{rule}]",
                at.line, at.column
            )?;
        }
    }
    Ok(())
}

fn summary(manifest: &Manifest) -> String {
    let n = part_of_key(manifest, &manifest.permissions).count()
        + part_of_key(manifest, &manifest.connect).count();
    let plural = if n == 1 { "" } else { "s" };
    let state = if manifest.is_complete() {
        "complete"
    } else {
        "incomplete"
    };
    format!("{}: {n} permission{plural}, {state}", manifest.unit.name)
}

fn annotation(problem: &Problem<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut message = safe(&problem.message);
    if let Some(help) = &problem.help {
        message.push_str("\nhelp: ");
        message.push_str(&safe(help));
    }
    let at = problem.at;
    writeln!(
        out,
        "::{} file={},line={},col={},title={}::{}",
        problem.level.id(),
        property(&safe(&problem.path)),
        at.line,
        at.column,
        property(&format!("rakscan: {}", problem.rule.id())),
        data(&message),
    )
}

/// Makes text safe for a log in which some lines are commands: older ones may begin anywhere.
fn safe(text: &str) -> String {
    sanitize(text).replace("##[", "# #[")
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_property_or_begins_a_command() {
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
        assert_eq!(data(&safe("x\n::error::y")), "x\\n::error::y");
        assert_eq!(safe("##[add-mask]x"), "# #[add-mask]x");
    }
}
