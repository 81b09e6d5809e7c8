//! What to do about a key that lies where it does not belong.

use model::{diagnostic::Code, key::KeyFinding};

/// Says what to do; `link` creates a restricted key for the code, or says where that stands.
pub(crate) fn help(finding: &KeyFinding, link: Option<&str>) -> String {
    let text = match finding.code {
        Code::KeyInSource => {
            "roll the key in the Dashboard, and read the new one from the environment"
        }
        Code::KeyInConfig => {
            "if the file was ever committed or shipped, roll the key in the Dashboard; keep the new one \
             out of the tree"
        }
        Code::KeyInBrowser if finding.value.is_some() => {
            "roll the key in the Dashboard, and use the new one on the server alone"
        }
        Code::KeyInBrowser => {
            "give it a name that browsers do not get; if a build with a key in it was published, roll \
             that key in the Dashboard"
        }
        Code::KeyToStripeJs => {
            "hand over the publishable key (`pk_`); if a page with another one was published, roll that \
             key in the Dashboard"
        }
        Code::DebugWithKey => "write `APP_DEBUG=false` where others can reach the site",
        Code::WebhookSecret => {
            "roll the secret of the endpoint in the Dashboard, and read the new one from the environment"
        }
        Code::FullKey => {
            return match link {
                Some("below") => {
                    "the link below creates a restricted key that can do what this code needs"
                        .to_owned()
                }
                Some(link) => format!("create a restricted key for what this code needs: {link}"),
                None => {
                    "`rakscan scan` prints the permissions that this code needs, and the link that \
                         creates a restricted key with them"
                        .to_owned()
                }
            };
        }
        _ => "remove or correct it",
    };
    text.to_owned()
}
