//! What a file is by its path: whether keys are looked for in it, and what it means if one is there.

/// What kind of file a key lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Environment variables: `.env`, `.env.production`.
    Environment,
    /// Another file of settings, `wp-config.php` among them.
    Settings,
    /// A page, or a component that browsers run.
    Browser,
    /// Code.
    Source,
}

/// Extensions of settings.
const SETTINGS: [&str; 21] = [
    "yaml",
    "yml",
    "json",
    "jsonc",
    "json5",
    "ini",
    "toml",
    "properties",
    "conf",
    "config",
    "cfg",
    "cnf",
    "xml",
    "plist",
    "neon",
    "tf",
    "tfvars",
    "env",
    "http",
    "rest",
    "hcl",
];

/// Extensions of pages and components that browsers run.
const BROWSER: [&str; 4] = ["html", "htm", "vue", "svelte"];

/// Extensions of code, and of templates with code.
const CODE: [&str; 48] = [
    "php", "phtml", "inc", "module", "install", "theme", "js", "mjs", "cjs", "jsx", "ts", "mts",
    "cts", "tsx", "astro", "py", "pyi", "ipynb", "rb", "erb", "rake", "go", "java", "kt", "kts",
    "scala", "groovy", "gradle", "cs", "cshtml", "fs", "vb", "swift", "m", "dart", "rs", "ex",
    "exs", "sh", "bash", "zsh", "fish", "ps1", "bat", "twig", "ejs", "hbs", "liquid",
];

/// Names of files without a telling extension in which keys are looked for.
const NAMES: [&str; 7] = [
    "dockerfile",
    "makefile",
    "procfile",
    "jenkinsfile",
    "vagrantfile",
    ".htaccess",
    ".envrc",
];

/// Ends of names of examples, which are copied and filled in.
const EXAMPLES: [&str; 7] = [
    "example", "sample", "dist", "template", "tpl", "default", "tmpl",
];

/// Folders of documentation.
const DOCUMENTATION: [&str; 3] = ["docs", "doc", "documentation"];

/// Folders of translations.
const TRANSLATIONS: [&str; 7] = [
    "languages",
    "language",
    "lang",
    "locale",
    "locales",
    "i18n",
    "translations",
];

/// Extensions of files of translations.
const TRANSLATED: [&str; 6] = ["json", "yaml", "yml", "php", "ini", "xml"];

/// Tells whether keys are looked for in a file of this name.
#[must_use]
pub fn is_looked_at(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let extension = extension(&lower);
    is_environment(&lower)
        || NAMES.contains(&lower.as_str())
        || lower.starts_with("dockerfile.")
        || SETTINGS.contains(&extension)
        || BROWSER.contains(&extension)
        || CODE.contains(&extension)
}

/// Tells whether the file at `path` only explains or translates: documentation, examples to be
/// filled in, translations.
#[must_use]
pub fn is_documentation(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let is_in = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
    let has_example = name
        .split(['.', '-', '_'])
        .skip(1)
        .any(|part| EXAMPLES.contains(&part));
    let is_settings = of(path, b"") != Place::Source || name.starts_with("wp-config");
    (has_example && is_settings)
        || ["md", "mdx", "markdown", "rst", "adoc"].contains(&extension(name))
        || EXAMPLES.contains(&extension(name))
        || name.starts_with("readme")
        || is_in(&DOCUMENTATION)
        || (is_in(&TRANSLATIONS) && TRANSLATED.contains(&extension(name)))
}

/// Tells what the file at `path` is; `head` is how it begins.
pub(crate) fn of(path: &str, head: &[u8]) -> Place {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    let extension = extension(name);
    if is_environment(name) {
        Place::Environment
    } else if SETTINGS.contains(&extension)
        || NAMES.contains(&name)
        || name.starts_with("dockerfile.")
        || (name.starts_with("wp-config") && extension == "php")
    {
        Place::Settings
    } else if BROWSER.contains(&extension) || is_client(head) {
        Place::Browser
    } else {
        Place::Source
    }
}

/// Tells whether the file can hold JavaScript.
pub(crate) fn may_hold_script(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [
        "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "astro", "html",
        "htm", "php", "phtml", "inc", "twig", "erb", "ejs", "hbs", "liquid", "cshtml",
    ]
    .contains(&extension(&lower))
}

/// How far a file is searched for the mark of a component that browsers run.
const HEAD: usize = 400;

/// Finds the mark of a component that browsers run.
fn is_client(head: &[u8]) -> bool {
    let head = head.get(..HEAD).unwrap_or(head);
    ["'use client'", "\"use client\""]
        .iter()
        .any(|mark| memchr::memmem::find(head, mark.as_bytes()).is_some())
}

/// Tells a file of environment variables by its name, in lower case.
fn is_environment(name: &str) -> bool {
    name == ".env"
        || name == ".envrc"
        || name.starts_with(".env.")
        || name.starts_with(".env-")
        || name.starts_with(".env_")
        || extension(name) == "env"
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_sources_are_looked_at_and_texts_are_not() {
        for name in [
            ".env",
            ".env.production",
            "prod.env",
            "wp-config.php",
            "app.yaml",
            "a.PHP",
            "x.vue",
            "Dockerfile",
            "settings.py",
            "main.rb",
            "a.min.js",
        ] {
            assert!(is_looked_at(name), "{name}");
        }
        for name in [
            "logo.png",
            "notes.txt",
            "README.md",
            "yarn.lock",
            "x.po",
            ".environment",
        ] {
            assert!(!is_looked_at(name), "{name}");
        }
    }

    #[test]
    fn examples_documentation_and_translations_stay_quiet() {
        for path in [
            ".env.example",
            ".env.dist",
            "config/.env.local.sample",
            "wp-config-sample.php",
            "parameters.yml.dist",
            "config.example.json",
            "docs/pay.js",
            "README.html",
            "languages/de.php",
            "src/locales/en/pay.json",
            "a/b.md",
            "readme.php",
        ] {
            assert!(is_documentation(path), "{path}");
        }
        for path in [
            ".env",
            ".env.production",
            "wp-config.php",
            "src/pay.js",
            "src/i18n/index.ts",
            "src/example.php",
            "language.php",
            "sample-data/pay.php",
        ] {
            assert!(!is_documentation(path), "{path}");
        }
    }

    #[test]
    fn the_name_or_the_head_says_what_a_file_is() {
        assert_eq!(of("a/.env.local", b""), Place::Environment);
        assert_eq!(of("wp-config.php", b"<?php"), Place::Settings);
        assert_eq!(of("a.tsx", b"'use client'\n"), Place::Browser);
        assert_eq!(of("a.tsx", b"import x"), Place::Source);
    }
}
