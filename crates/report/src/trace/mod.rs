//! Renders why the calls on one line were or were not counted.

use model::{
    manifest::SkipReason,
    trace::{Reading, Run, Trace, TracedCall},
};

mod json;
mod text;

pub use json::render as render_json;
pub use text::render as render_text;

/// What is said of an endpoint that asks for no permission.
const ASKS_NOTHING: &str = "needs no permission of the key";

/// Says in one sentence what was done with the file; `None` where it was read.
fn reading(reading: Reading) -> Option<String> {
    let reason = match reading {
        Reading::Read => return None,
        Reading::NotSource => return Some("it is in no language that is read".to_owned()),
        Reading::Skipped(reason) => reason,
    };
    let text = match reason {
        SkipReason::Configured => "an `ignore` entry of the configuration names it",
        SkipReason::Dependency => {
            "it lies in a folder of dependencies; --include-dependencies reads it"
        }
        SkipReason::BundledSdk => {
            "it belongs to a bundled copy of a Stripe SDK, whose calls the rule table knows"
        }
        SkipReason::Test => "it is a test, fixture or story; --include-tests reads it",
        SkipReason::Minified => "it is minified",
        SkipReason::Generated => "it was made by a tool",
        SkipReason::Ignored => {
            "an ignore file names it, or its name begins with a dot; --no-ignore reads what ignore \
             files name"
        }
        SkipReason::OtherRelease => {
            "it belongs to a tag or branch of a Subversion checkout that is not the released one"
        }
        SkipReason::NoMention => {
            "it does not mention Stripe, and nothing in it uses, or is used by, code that does"
        }
        SkipReason::BrowserScript => "it is a script for browsers, where no secret key is used",
        SkipReason::Link => "it is a link that leads out of what is scanned",
        SkipReason::Archive => "it is an archive; scan it by itself",
    };
    Some(text.to_owned())
}

/// Says why a call was not run; `None` where it was.
fn not_run(call: &TracedCall) -> Option<String> {
    let function = if call.function.is_empty() {
        "the top level of this file".to_owned()
    } else {
        format!("`{}`", call.function)
    };
    match call.run {
        Run::Run => None,
        Run::NotFollowed => Some(format!(
            "{function} was not followed: no name in it leads to a Stripe client, a class of a \
             Stripe SDK, a Stripe URL or an HTTP client"
        )),
        Run::NeverReached => Some(format!(
            "{function} was followed, but no run of it came to this call"
        )),
    }
}

/// Says why there are no calls, where there are none in a file that was read.
fn no_call(trace: &Trace) -> Option<&'static str> {
    let is_read = trace.reading == Reading::Read;
    (is_read && trace.calls.is_empty()).then_some("no call stands on this line or reaches over it")
}
