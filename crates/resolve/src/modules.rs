//! Which file an import means.
//!
//! JavaScript: relative paths, `tsconfig` aliases, `package.json` names, `exports` and `imports`.
//! Python: relative and absolute dotted names, from any folder above the importing file.

use model::{
    Name,
    api::SdkId,
    language::Language,
    unit::{Package, PathAliases, UnitFacts},
};

use crate::hashing::HashMap;
use crate::program::{FileId, SdkIndex, number};

/// What the name of a module stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ModuleRef {
    /// A Stripe SDK, and the dotted path of the part of it.
    Sdk(SdkIndex, Name),
    /// A file of the unit.
    File(FileId),
    /// A module that is not in the unit.
    External,
}

/// The files of the unit by path, and the rules to get there.
pub(crate) struct Modules {
    by_path: HashMap<Name, FileId>,
    /// By what a script can import them as.
    scripts: Stems,
    /// By what Python can import them as.
    pythons: Stems,
    packages: Vec<Package>,
    aliases: Vec<PathAliases>,
    python_roots: Vec<Name>,
    node: Option<SdkIndex>,
    python: Option<SdkIndex>,
}

/// Endings that a JavaScript import may leave out.
const SCRIPT_ENDINGS: [&str; 20] = [
    "",
    ".ts",
    ".tsx",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".mts",
    ".cts",
    ".vue",
    ".svelte",
    ".d.ts",
    "/index.ts",
    "/index.tsx",
    "/index.js",
    "/index.jsx",
    "/index.mjs",
    "/index.cjs",
    "/index.mts",
    "/index.cts",
];

/// Endings that a Python import leaves out.
const PYTHON_ENDINGS: [&str; 3] = [".py", "/__init__.py", ".pyi"];

/// How many steps of one path pattern may lead to another.
const MAX_STEPS: u8 = 6;

impl Modules {
    pub(crate) fn new(unit: &UnitFacts) -> Self {
        let by_path = unit
            .files
            .iter()
            .enumerate()
            .map(|(index, facts)| (facts.source.path.clone(), FileId(number(index))))
            .collect();
        let paths = || {
            let files = unit.files.iter().enumerate();
            files.map(|(index, facts)| (&*facts.source.path, FileId(number(index))))
        };
        let sdk = |id: SdkId| {
            unit.sdks
                .iter()
                .position(|root| root.sdk == id)
                .map(|index| SdkIndex(number(index)))
        };
        Self {
            by_path,
            scripts: Stems::new(paths(), &SCRIPT_ENDINGS),
            pythons: Stems::new(paths(), &PYTHON_ENDINGS),
            packages: unit.packages.clone(),
            aliases: unit.aliases.clone(),
            python_roots: unit.python_roots.clone(),
            node: sdk(SdkId::Node),
            python: sdk(SdkId::Python),
        }
    }

    /// Lists `module` and, in Python, the packages around it, which are run before it.
    pub(crate) fn with_packages(language: Language, module: &str) -> impl Iterator<Item = &str> {
        let has_packages = language == Language::Python;
        std::iter::successors(Some(module), move |module| {
            let (package, _) = module.rsplit_once('.').filter(|_| has_packages)?;
            (!package.trim_start_matches('.').is_empty()).then_some(package)
        })
    }

    /// Finds what `module` means in the file at `from`.
    pub(crate) fn find(&self, language: Language, from: &str, module: &str) -> ModuleRef {
        let found = if language.is_script() {
            self.script(from, module, 0)
        } else {
            self.python(from, module)
        };
        found.unwrap_or(ModuleRef::External)
    }

    fn script(&self, from: &str, module: &str, steps: u8) -> Option<ModuleRef> {
        if steps > MAX_STEPS {
            return None;
        }
        let module = module.strip_prefix("node:").unwrap_or(module);
        if module.starts_with('.') {
            let path = join(folder(from), module)?;
            return self.script_file(&path).map(ModuleRef::File);
        }
        if module == "stripe" || module == "npm:stripe" || module.starts_with("stripe@") {
            return Some(ModuleRef::Sdk(self.node?, "".into()));
        }
        if let Some(module) = module.strip_prefix('#') {
            let package = self.package_around(from)?;
            let key = format!("#{module}");
            let target = pattern_target(&package.imports, &key)?;
            return self.package_file(package, &target).map(ModuleRef::File);
        }
        self.alias(from, module)
            .or_else(|| self.package(module))
            .or_else(|| self.rooted(module))
            .map(ModuleRef::File)
    }

    /// Finds a file by a path without extension, as JavaScript does.
    fn script_file(&self, path: &str) -> Option<FileId> {
        let by = |path: &str| self.by_path.get(path).copied();
        self.scripts.find(path).or_else(|| {
            let (stem, ending) = path.rsplit_once('.')?;
            let typed: &[&str] = match ending {
                "js" => &["ts", "tsx", "jsx"],
                "mjs" => &["mts", "ts"],
                "cjs" => &["cts", "ts"],
                "jsx" => &["tsx"],
                _ => &[],
            };
            typed
                .iter()
                .find_map(|ending| by(&format!("{stem}.{ending}")))
        })
    }

    fn alias(&self, from: &str, module: &str) -> Option<FileId> {
        let mut around: Vec<&PathAliases> = self
            .aliases
            .iter()
            .filter(|aliases| is_below(from, &aliases.dir))
            .collect();
        around.sort_by_key(|aliases| std::cmp::Reverse(aliases.dir.len()));
        around.into_iter().find_map(|aliases| {
            let by_path = aliases.paths.iter().find_map(|(pattern, targets)| {
                let star = match_pattern(pattern, module)?;
                targets
                    .iter()
                    .find_map(|target| self.script_file(&join("", &target.replacen('*', star, 1))?))
            });
            by_path.or_else(|| {
                let base = aliases.base.as_deref()?;
                self.script_file(&join(base, module)?)
            })
        })
    }

    fn package(&self, module: &str) -> Option<FileId> {
        self.packages.iter().find_map(|package| {
            let rest = module.strip_prefix(&**package.name.as_ref()?)?;
            let sub = match rest {
                "" => ".".to_owned(),
                _ => format!(".{}", rest.strip_prefix('/').map(|_| rest)?),
            };
            let by_exports = pattern_target(&package.exports, &sub)
                .and_then(|target| self.package_file(package, &target));
            by_exports.or_else(|| {
                let inner = sub.trim_start_matches("./").trim_start_matches('.');
                ["", "src"].into_iter().find_map(|dir| {
                    let dir = join(&package.dir, dir)?;
                    self.script_file(join(&dir, inner)?.trim_end_matches('/'))
                })
            })
        })
    }

    /// Finds the source of a file that `package.json` names, also where it names the compiled one.
    fn package_file(&self, package: &Package, target: &str) -> Option<FileId> {
        let path = join(&package.dir, target)?;
        self.script_file(&path).or_else(|| {
            let compiled = ["dist", "lib", "build", "out", "es", "esm", "cjs"];
            let parts: Vec<&str> = path.split('/').collect();
            let at = parts.iter().rposition(|part| compiled.contains(part))?;
            let after = parts.get(at + 1..)?.join("/");
            let before = parts.get(..at)?.join("/");
            let stem = after
                .trim_end_matches(".d.ts")
                .rsplit_once('.')
                .map_or(&*after, |(stem, _)| stem);
            ["src", ""].into_iter().find_map(|dir| {
                let dir = join(&before, dir)?;
                self.script_file(&join(&dir, stem)?)
            })
        })
    }

    /// Finds a module written from the root of its package: `~/x`, `@/x`, `src/x`, `$lib/x`.
    fn rooted(&self, module: &str) -> Option<FileId> {
        let (rest, dirs): (&str, &[&str]) = if let Some(rest) = module
            .strip_prefix("~/")
            .or_else(|| module.strip_prefix("@/"))
        {
            (rest, &["", "src", "app"])
        } else {
            (module.strip_prefix("$lib/")?, &["src/lib"])
        };
        let roots = self.packages.iter().map(|package| &*package.dir);
        roots.chain([""]).find_map(|root| {
            dirs.iter().find_map(|dir| {
                let dir = join(root, dir)?;
                self.script_file(&join(&dir, rest)?)
            })
        })
    }

    fn package_around(&self, from: &str) -> Option<&Package> {
        self.packages
            .iter()
            .filter(|package| is_below(from, &package.dir))
            .max_by_key(|package| package.dir.len())
    }

    fn python(&self, from: &str, module: &str) -> Option<ModuleRef> {
        let n_dots = module.bytes().take_while(|byte| *byte == b'.').count();
        if n_dots == 0 {
            if module == "stripe" || module.starts_with("stripe.") {
                let path = module.strip_prefix("stripe").unwrap_or_default();
                let path = path.trim_start_matches('.');
                return Some(ModuleRef::Sdk(self.python?, path.into()));
            }
            return self.python_absolute(from, module).map(ModuleRef::File);
        }
        let mut dir = folder(from);
        for _ in 1..n_dots {
            dir = folder(dir);
        }
        let rest = module.trim_start_matches('.').replace('.', "/");
        self.python_file(&join(dir, &rest)?).map(ModuleRef::File)
    }

    /// Finds an absolute import from the nearest folder above the importing file that has it.
    fn python_absolute(&self, from: &str, module: &str) -> Option<FileId> {
        let path = module.replace('.', "/");
        let mut dir = folder(from);
        loop {
            if let Some(file) = self.python_file(&join(dir, &path)?) {
                return Some(file);
            }
            if dir.is_empty() {
                break;
            }
            dir = folder(dir);
        }
        let installed = self.python_roots.iter().find_map(|root| {
            let here = self.python_file(&join(root, &path)?);
            here.or_else(|| self.python_file(&join(root, &format!("src/{path}"))?))
        });
        if installed.is_some() {
            return installed;
        }
        // The unit may be the package itself, scanned without the folder that gives it its name.
        let (_, inner) = path.split_once('/')?;
        self.python_file(&format!("src/{path}"))
            .or_else(|| self.python_file(inner))
    }

    fn python_file(&self, path: &str) -> Option<FileId> {
        self.pythons.find(path.trim_end_matches('/'))
    }

    /// Finds the Python module `name` inside the package whose `__init__.py` is at `package`.
    pub(crate) fn python_submodule(&self, package: &str, name: &str) -> Option<FileId> {
        let dir = folder(package);
        self.python_file(&join(dir, name)?)
    }
}

/// Files by their paths without what an import leaves out.
struct Stems(HashMap<Box<str>, (usize, FileId)>);

impl Stems {
    /// Takes `endings` off, of which earlier ones count before later ones.
    fn new<'a>(paths: impl Iterator<Item = (&'a str, FileId)>, endings: &[&str]) -> Self {
        let mut stems: HashMap<Box<str>, (usize, FileId)> = HashMap::default();
        for (path, file) in paths {
            for (rank, ending) in endings.iter().enumerate() {
                let stem = path.strip_suffix(ending).or_else(|| {
                    let file = ending.strip_prefix('/')?;
                    (path == file).then_some("")
                });
                let Some(stem) = stem else { continue };
                let known = stems.entry(stem.into()).or_insert((rank, file));
                if rank < known.0 {
                    *known = (rank, file);
                }
            }
        }
        Self(stems)
    }

    fn find(&self, path: &str) -> Option<FileId> {
        self.0.get(path).map(|(_, file)| *file)
    }
}

/// Returns the path without its last part.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_below(path: &str, dir: &str) -> bool {
    dir.is_empty()
        || path
            .strip_prefix(dir)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Puts paths together; `None` where `..` leads out of the unit.
fn join(dir: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in dir.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns what `*` stands for where `text` matches `pattern`; an empty text for none.
fn match_pattern<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    match pattern.split_once('*') {
        None => (pattern == text).then_some(""),
        Some((before, after)) => text
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after)),
    }
}

fn pattern_target(patterns: &[(Name, Name)], text: &str) -> Option<String> {
    patterns.iter().find_map(|(pattern, target)| {
        let star = match_pattern(pattern, text)?;
        Some(target.replacen('*', star, 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{facts::FileFacts, source::SourceFile};

    fn modules(paths: &[&str]) -> Modules {
        let mut unit = UnitFacts::default();
        for path in paths {
            let language = if path
                .rsplit_once('.')
                .is_some_and(|(_, extension)| extension == "py")
            {
                Language::Python
            } else {
                Language::TypeScript
            };
            let source = SourceFile::new(*path, language, "");
            unit.files.push(FileFacts::empty(source));
        }
        unit.packages.push(Package {
            dir: "packages/pay".into(),
            name: Some("@acme/pay".into()),
            exports: vec![(".".into(), "./dist/index.js".into())],
            ..Package::default()
        });
        unit.aliases.push(PathAliases {
            dir: "apps/web".into(),
            base: None,
            paths: vec![("@/*".into(), vec!["apps/web/src/*".into()])],
        });
        Modules::new(&unit)
    }

    #[test]
    fn scripts_find_files_by_relative_path_alias_and_package() {
        let modules = modules(&["apps/web/src/lib/pay.ts", "packages/pay/src/index.ts"]);
        let find = |from: &str, module: &str| modules.find(Language::TypeScript, from, module);
        let file = |index| ModuleRef::File(FileId(index));
        assert_eq!(find("apps/web/src/app.ts", "./lib/pay.js"), file(0));
        assert_eq!(find("apps/web/src/app.ts", "@/lib/pay"), file(0));
        assert_eq!(find("apps/web/src/app.ts", "@acme/pay"), file(1));
        assert_eq!(
            find("apps/web/src/app.ts", "@acme/payments"),
            ModuleRef::External
        );
        assert_eq!(find("x.ts", "../../outside"), ModuleRef::External);
    }

    #[test]
    fn python_finds_modules_from_any_folder_above() {
        let modules = modules(&["app/services/stripe.py", "app/billing/__init__.py"]);
        let find = |from: &str, module: &str| modules.find(Language::Python, from, module);
        let file = |index| ModuleRef::File(FileId(index));
        assert_eq!(find("app/tasks/x.py", "services.stripe"), file(0));
        assert_eq!(find("app/tasks/x.py", "..services.stripe"), file(0));
        assert_eq!(find("app/tasks/x.py", "app.billing"), file(1));
        assert_eq!(find("app/tasks/x.py", "requests"), ModuleRef::External);
    }
}
