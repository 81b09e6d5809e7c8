//! What could not be read or resolved.

use crate::{Name, source::Location};

/// The kind of a diagnostic.
///
/// The doc comment of a variant is what `explain CODE` says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The Stripe resource or method that this call reaches is only known when the program runs.
    DynamicOperation,
    /// The URL of a request to Stripe is only known when the program runs.
    DynamicRequest,
    /// The properties that a request expands are only known when the program runs.
    DynamicExpand,
    /// Events are read whose types are not known; each asks for read access to its object.
    EventObjects,
    /// A Stripe client is called in a way that no known release of the SDK offers.
    UnknownOperation,
    /// The Stripe client or module is handed to code that was not read.
    ClientEscapes,
    /// The file could not be read from disk.
    UnreadableFile,
    /// The file has bytes that are not UTF-8; they were replaced before reading.
    InvalidUtf8,
    /// The file is larger than the limit and was not read.
    FileTooLarge,
    /// The file looks binary or minified and was not read, although it mentions Stripe.
    NotSource,
    /// Part of the file could not be parsed; calls in that part may be missing.
    SyntaxError,
    /// Reading the file took too long or nested too deep, and was given up.
    LimitExceeded,
    /// Part of an archive, or all of it, was not read.
    UnreadArchive,
    /// A Stripe URL stands in a file whose language is not supported.
    UnsupportedFile,
    /// A comment for rakscan, or a part of it, cannot be understood and has no effect.
    BadDirective,
    /// A comment for rakscan has no effect, because nothing on its line is open.
    UnusedDirective,
    /// An entry of `rakscan.yaml` has no effect.
    UnusedEntry,
    /// A `rakscan.yaml` or a comment for rakscan stands in code of others, and is not obeyed.
    NotObeyed,
    /// An API key stands in the source code.
    KeyInSource,
    /// An API key stands in a configuration file that lies beside the code.
    KeyInConfig,
    /// An API key, or a variable meant for one, is part of what browsers load.
    KeyInBrowser,
    /// A secret or restricted key is handed to Stripe.js.
    KeyToStripeJs,
    /// Debug output is switched on beside an API key.
    DebugWithKey,
    /// A secret key is used that may do everything.
    FullKey,
    /// The signing secret of a webhook stands in a file beside the code.
    WebhookSecret,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 25] = [
        Self::DynamicOperation,
        Self::DynamicRequest,
        Self::DynamicExpand,
        Self::EventObjects,
        Self::UnknownOperation,
        Self::ClientEscapes,
        Self::UnreadableFile,
        Self::InvalidUtf8,
        Self::FileTooLarge,
        Self::NotSource,
        Self::SyntaxError,
        Self::LimitExceeded,
        Self::UnreadArchive,
        Self::UnsupportedFile,
        Self::BadDirective,
        Self::UnusedDirective,
        Self::UnusedEntry,
        Self::NotObeyed,
        Self::KeyInSource,
        Self::KeyInConfig,
        Self::KeyInBrowser,
        Self::KeyToStripeJs,
        Self::DebugWithKey,
        Self::FullKey,
        Self::WebhookSecret,
    ];

    /// Returns the kebab-case name of the code.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::DynamicOperation => "dynamic-operation",
            Self::DynamicRequest => "dynamic-request",
            Self::DynamicExpand => "dynamic-expand",
            Self::EventObjects => "event-objects",
            Self::UnknownOperation => "unknown-operation",
            Self::ClientEscapes => "client-escapes",
            Self::UnreadableFile => "unreadable-file",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::FileTooLarge => "file-too-large",
            Self::NotSource => "not-source",
            Self::SyntaxError => "syntax-error",
            Self::LimitExceeded => "limit-exceeded",
            Self::UnreadArchive => "unread-archive",
            Self::UnsupportedFile => "unsupported-file",
            Self::BadDirective => "bad-directive",
            Self::UnusedDirective => "unused-directive",
            Self::UnusedEntry => "unused-entry",
            Self::NotObeyed => "not-obeyed",
            Self::KeyInSource => "key-in-source",
            Self::KeyInConfig => "key-in-config",
            Self::KeyInBrowser => "key-in-browser",
            Self::KeyToStripeJs => "key-to-stripe-js",
            Self::DebugWithKey => "debug-with-key",
            Self::FullKey => "full-key",
            Self::WebhookSecret => "webhook-secret",
        }
    }

    /// Returns the sentences that `explain` prints for the code.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::DynamicOperation => {
                "The Stripe resource or method that this call reaches is only known when the \
                 program runs, so the permissions it needs cannot be listed. Name the resource in \
                 the code where that is possible. Otherwise read the call by hand and say what it \
                 requests, in a comment on its line, `rakscan: uses refunds.create`, or in \
                 `rakscan.yaml` under `assume`."
            }
            Self::DynamicRequest => {
                "The URL or verb of this request to Stripe is only known when the program runs. \
                 Read the code by hand and say which endpoints it reaches, in a comment on its \
                 line, `rakscan: uses POST /v1/refunds`, or in `rakscan.yaml` under `assume`."
            }
            Self::DynamicExpand => {
                "The properties that this request expands are only known when the program runs. \
                 Stripe asks for read access to every object that is expanded, so permissions may be \
                 missing. Write the properties down where that is possible, or add a read permission \
                 for each object by hand."
            }
            Self::EventObjects => {
                "Events are read here, and nothing says of which types. Beside `event_read`, Stripe \
                 asks for read access to the object inside an event: reading `charge.refunded` needs \
                 `charge_read`. Add read permissions for the objects of the events that the code is \
                 about, where they are not listed anyway; permissions for all kinds of objects would \
                 be far too many. The manifest may still call itself complete: every request is known."
            }
            Self::UnknownOperation => {
                "A Stripe client is called in a way that no known release of the SDK offers. It is \
                 either a mistake in the code, or an operation newer than the rule table: then \
                 update rakscan, or add the endpoint with `--rules` and assume it here. Where the \
                 call is no request, say so in a comment on its line: \
                 `rakscan: ignore[unknown-operation] REASON`."
            }
            Self::ClientEscapes => {
                "The Stripe client or module is handed to code that was not read, which can call \
                 anything with it. Scan that code too (`--include-dependencies`), or look up what \
                 it requests and say so, in a comment on this line, `rakscan: uses refunds.create`, \
                 or in `rakscan.yaml` under `assume`."
            }
            Self::UnreadableFile => {
                "The file could not be read from disk, so calls in it are missing."
            }
            Self::InvalidUtf8 => {
                "The file has bytes that are not UTF-8. They were replaced before reading, which \
                 does not change the calls found unless a name holds such bytes."
            }
            Self::FileTooLarge => {
                "The file is larger than `--max-file-size` and was not read; calls in it are missing."
            }
            Self::NotSource => {
                "The file looks binary, minified or generated and was not read, although it \
                 mentions Stripe."
            }
            Self::SyntaxError => {
                "Part of the file could not be parsed. Calls outside that part were found; calls \
                 inside it may be missing."
            }
            Self::LimitExceeded => {
                "Reading the file took too long or its code nests too deep, and was given up; calls \
                 in it may be missing."
            }
            Self::UnreadArchive => {
                "Part of an archive, or all of it, was not read: it is damaged, encrypted or packed in \
                 an unusual way, members have names that lead out of it or share their bytes, or it \
                 holds more than is read of one archive. Calls in it may be missing. Unpack it with a \
                 program that you trust with it, and scan the folder."
            }
            Self::UnsupportedFile => {
                "A Stripe API URL stands in a file whose language is not supported. Read it by \
                 hand; an entry for it in `rakscan.yaml` under `assume` says what it requests."
            }
            Self::BadDirective => {
                "A comment for rakscan, or a part of it, cannot be understood and has no effect. It \
                 is `rakscan: uses OPERATION, …`, with operations such as `refunds.create` or \
                 `POST /v1/refunds`, or `rakscan: ignore[CODE] REASON`, with the code of a \
                 diagnostic. It counts for its own line, or for the next where it stands alone."
            }
            Self::UnusedDirective => {
                "A comment for rakscan has no effect: nothing on its line is open, or what it says \
                 is found without it. Remove it, or move it to the line that it is about."
            }
            Self::UnusedEntry => {
                "An entry of `rakscan.yaml` has no effect: the place that it names is not there, \
                 nothing there is open, or what it says is found without it. Remove or correct it."
            }
            Self::NotObeyed => {
                "A `rakscan.yaml` or a comment for rakscan stands in code of others: below the \
                 folder that was given, or in one of several units in it. Such code could hide what \
                 it requests, so it is not obeyed. Write what you have found out into the \
                 `rakscan.yaml` of the folder that you scan, or give it with `--config`."
            }
            Self::KeyInSource
            | Self::KeyInConfig
            | Self::KeyInBrowser
            | Self::KeyToStripeJs
            | Self::DebugWithKey
            | Self::FullKey
            | Self::WebhookSecret => crate::key::explanation(self),
        }
    }

    /// Finds the code by its name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.id() == id)
    }

    /// Tells whether a manifest with such a diagnostic may still call itself complete.
    #[must_use]
    pub const fn leaves_complete(self) -> bool {
        match self {
            Self::InvalidUtf8
            | Self::EventObjects
            | Self::BadDirective
            | Self::UnusedDirective
            | Self::UnusedEntry
            | Self::NotObeyed
            | Self::KeyInSource
            | Self::KeyInConfig
            | Self::KeyInBrowser
            | Self::KeyToStripeJs
            | Self::DebugWithKey
            | Self::FullKey
            | Self::WebhookSecret => true,
            Self::DynamicOperation
            | Self::DynamicRequest
            | Self::DynamicExpand
            | Self::UnknownOperation
            | Self::ClientEscapes
            | Self::UnreadableFile
            | Self::FileTooLarge
            | Self::NotSource
            | Self::SyntaxError
            | Self::LimitExceeded
            | Self::UnreadArchive
            | Self::UnsupportedFile => false,
        }
    }

    /// Tells whether it says that something the owner of the code told has no effect.
    #[must_use]
    pub const fn is_without_effect(self) -> bool {
        matches!(
            self,
            Self::BadDirective | Self::UnusedDirective | Self::UnusedEntry
        )
    }

    /// Tells whether it is about a key that lies where it does not belong, not about permissions.
    #[must_use]
    pub const fn is_of_key(self) -> bool {
        matches!(
            self,
            Self::KeyInSource
                | Self::KeyInConfig
                | Self::KeyInBrowser
                | Self::KeyToStripeJs
                | Self::DebugWithKey
                | Self::FullKey
                | Self::WebhookSecret
        )
    }

    /// Tells whether it is about a whole file and not about a place in it.
    #[must_use]
    pub const fn is_of_file(self) -> bool {
        matches!(
            self,
            Self::UnreadableFile
                | Self::FileTooLarge
                | Self::NotSource
                | Self::UnreadArchive
                | Self::UnsupportedFile
        )
    }
}

/// One thing that could not be read or resolved, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where it is.
    pub location: Location,
    /// What kind it is.
    pub code: Code,
    /// One lower-case sentence about this place, code in backticks, without a full stop.
    pub message: Name,
    /// The named function around it, as `assume` spells it; `None` outside of one, or not looked up.
    pub within: Option<Name>,
}
