//! What the owner of the code told about it in `rakscan.yaml`.
//!
//! Checked already: endpoints are in the rule table and patterns can be matched. Reading the file is
//! for the command line.

use crate::{Name, api::Endpoint};

/// A configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Its name, as the manifest shows it.
    pub file: Name,
    /// What places request that the analysis cannot tell.
    pub assumptions: Vec<Assumption>,
    /// Files that are left out.
    pub exclusions: Vec<Exclusion>,
    /// Parts of the program that are used apart from each other.
    pub features: Vec<Feature>,
}

/// A part of the program, by the files that are only used by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Line of the configuration file, from 1.
    pub line: u32,
    /// What people call it; no other feature has this name.
    pub name: Name,
    /// Patterns as in `.gitignore`, relative to the scanned folder.
    pub patterns: Vec<Name>,
    /// Whether the program can be used without it.
    pub optional: bool,
}

/// Requests that a place makes, or that it makes none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// Line of the configuration file, from 1.
    pub line: u32,
    /// The file that is meant, relative to the scanned folder, with `/`.
    pub path: Name,
    /// The part of the file.
    pub part: Part,
    /// What is requested; nothing where it is empty.
    pub endpoints: Vec<Endpoint>,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    File,
    /// One line, from 1.
    Line(u32),
    /// A function or method: `refund`, `Acme_Refunds::refund`, `Refunds.refund`.
    Function(Name),
}

/// Files that are left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Line of the configuration file, from 1.
    pub line: u32,
    /// A pattern as in `.gitignore`, relative to the scanned folder.
    pub pattern: Name,
    /// Why.
    pub reason: Name,
}
