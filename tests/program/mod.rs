//! The program, for the tests that run it.

use std::path::Path;

use assert_cmd::Command;

/// Runs rakscan in a folder, whatever the terminal of whoever runs the tests asks for.
#[expect(clippy::unwrap_used, reason = "a test may fail")]
pub(crate) fn rakscan(folder: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "TERM",
    ] {
        command.env_remove(name);
    }
    // Nothing of one run is to be seen by another, nor by whoever runs the tests.
    command.env("RAKSCAN_CACHE_DIR", "");
    command.args(arguments).current_dir(folder);
    command
}
