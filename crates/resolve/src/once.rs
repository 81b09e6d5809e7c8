//! Code that runs once: upgrades and migrations, told by where it stands and what it is called.

/// Folders that hold such code and nothing else.
const FOLDERS: [&str; 9] = [
    "migrations",
    "migration",
    "upgrade",
    "upgrades",
    "upgrader",
    "updates",
    "updaters",
    "db-updates",
    "data-migrations",
];
/// Words of a file or function name that, with a release behind them, mean such code.
const WORDS: [&str; 6] = [
    "upgrade",
    "update",
    "migrate",
    "migration",
    "upgradelib",
    "updater",
];

/// Tells whether a file holds code that runs once.
pub(crate) fn is_one_off_path(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = file.split('.').next().unwrap_or_default();
    folders.split('/').any(|folder| FOLDERS.contains(&folder))
        || stem == "upgradelib"
        || is_one_off_name(file)
}

/// Tells whether a function is called after a release that it brings about: `upgrade_1_8_9`.
pub(crate) fn is_one_off_name(name: &str) -> bool {
    let name = name.rsplit('\\').next().unwrap_or_default();
    let words = words(name);
    words.windows(2).any(|pair| {
        let [word, next] = pair else { return false };
        let is_release = |text: &str| {
            let text = text.trim_start_matches('v');
            !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
        };
        let after = if next == "to" || next == "from" {
            words.iter().skip_while(|at| *at != next).nth(1)
        } else {
            Some(next)
        };
        WORDS.contains(&word.as_str()) && after.is_some_and(|next| is_release(next))
    })
}

/// Splits `upgradeTo_1_2` into lower-case words and numbers.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for c in name.chars() {
        let is_start = !previous.is_alphanumeric()
            || (c.is_ascii_uppercase() && !previous.is_ascii_uppercase())
            || (c.is_ascii_digit() != previous.is_ascii_digit());
        if c.is_alphanumeric() {
            if is_start {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(c.to_ascii_lowercase());
            }
        }
        previous = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_release_run_once() {
        for name in [
            "upgrade_1_8_9",
            "acme_update_320",
            "upgradeTo2",
            "migrate_from_1_2",
            "Acme\\update_3_0",
        ] {
            assert!(is_one_off_name(name), "{name}");
        }
        for name in [
            "update_customer",
            "upgrade_plan",
            "migrate",
            "update_order_2fa_status",
            "level_3_update",
        ] {
            assert!(!is_one_off_name(name), "{name}");
        }
    }

    #[test]
    fn folders_of_migrations_run_once() {
        for path in [
            "includes/updates/a.php",
            "db/migrations/0001_x.py",
            "upgrade/Upgrade-2.3.5.php",
            "db/upgradelib.php",
        ] {
            assert!(is_one_off_path(path), "{path}");
        }
        for path in ["update-card.php", "src/upgrade.ts", "lib/Update/Order.php"] {
            assert!(!is_one_off_path(path), "{path}");
        }
    }
}
