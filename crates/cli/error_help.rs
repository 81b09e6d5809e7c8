//! What to do about errors whose advice depends on the error.

use audit::{GrantedError, LogError};

/// Says what to do about a log that cannot be used.
pub(crate) fn log(error: &LogError) -> String {
    match error {
        LogError::Read { .. } => "make it readable, or leave it out".to_owned(),
        LogError::Empty { .. } => {
            "export requests of the time in question, or leave the log out".to_owned()
        }
        LogError::Encoding { .. } => {
            "save it as UTF-8; PowerShell 5 writes UTF-16 behind `>`, but not with `| Out-File -Encoding utf8`"
                .to_owned()
        }
        LogError::NoColumn { columns, .. } => {
            let names: Vec<String> = columns.iter().map(|name| format!("`{}`", name.trim())).collect();
            format!(
                "it has {}; name the right ones: --columns method=COLUMN,path=COLUMN",
                names.join(", ")
            )
        }
        LogError::NoRequest { .. } => {
            "give a table with a header, lines such as `POST /v1/refunds 200`, or one JSON object a line \
             (`jq -c '.[]'` makes these from a list); --columns names the fields"
                .to_owned()
        }
    }
}

/// Says what to do about permissions that cannot be read.
pub(crate) fn granted(error: &GrantedError, nearest: &[String]) -> String {
    match error {
        GrantedError::UnknownId { .. } if nearest.is_empty() => {
            "give ids such as `charge_write`; `rakscan rules list` shows them, and the Dashboard drops \
             those that it does not know"
                .to_owned()
        }
        GrantedError::UnknownId { .. } => {
            let names: Vec<String> = nearest.iter().map(|name| format!("`{name}`")).collect();
            format!("try {}", names.join(", "))
        }
        GrantedError::Key => {
            "give the ids of its permissions, as its page in the Dashboard shows them; rakscan never \
             needs the key itself"
                .to_owned()
        }
        GrantedError::Nothing => "give ids such as `charge_write,plan_read`".to_owned(),
        GrantedError::Manifest { .. } => {
            "write one with `rakscan scan --write`, or give ids such as `charge_write,plan_read`".to_owned()
        }
    }
}
