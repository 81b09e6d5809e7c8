//! One WordPress plugin: its files, without writing them.

use crate::{
    File, Kind, bundle,
    piece::{Names, Writer, studly},
    plan::{self, Plan, plan_of, use_of},
    source, stripe,
};

/// Makes plugin number `index`: the name of its folder, and its files.
#[must_use]
pub fn plugin(index: usize) -> (String, Vec<File>) {
    let mut writer = Writer::new(u64::try_from(index).unwrap_or(u64::MAX));
    let names = writer.names();
    let slug = format!("{}-{index:05}", names.first.replace('_', "-"));
    let plan = plan_of(index);
    let mut files = vec![main(&slug, &names, &mut writer), readme(&mut writer)];
    files.extend(own_php(plan.php, &mut writer));
    files.extend(assets(plan, &mut writer));
    files.extend(translations(plan.translations, &slug, &mut writer));
    files.extend(bundle::packages(plan.dependencies, &mut writer));
    files.extend(stripe::files(
        use_of(index),
        plan.stripe,
        &names,
        &mut writer,
    ));
    (slug, files)
}

fn main(slug: &str, names: &Names, writer: &mut Writer) -> File {
    let title = studly(&names.first).replace('_', " ");
    let mut text = format!(
        "<?php\n/**\n * Plugin Name: {title}\n * Description: A plugin.\n * Version: 1.2.3\n \
         * Text Domain: {slug}\n */\n\ndefined( 'ABSPATH' ) || exit;\n\n\
         foreach ( glob( __DIR__ . '/includes/class-*.php' ) as $file ) {{\n    require_once $file;\n}}\n"
    );
    let size = text.len() + writer.random().size(&plan::PHP) / 2;
    writer.add_until(
        &mut text,
        include_str!("../templates/php-function.txt"),
        size,
    );
    File::new(format!("{slug}.php"), text)
}

fn readme(writer: &mut Writer) -> File {
    let size = writer.random().size(&plan::README);
    let text = source(Kind::Readme, writer.random().next(), size);
    File::new(
        "readme.txt",
        format!("=== Plugin ===\nStable tag: 1.2.3\n\n{text}"),
    )
}

fn own_php(n_files: usize, writer: &mut Writer) -> Vec<File> {
    const FOLDERS: [&str; 5] = [
        "includes",
        "includes/admin",
        "templates",
        "src/blocks",
        "includes/integrations",
    ];
    let mut files = Vec::new();
    for n in 0..n_files {
        let folder = FOLDERS[n / 4 % FOLDERS.len()];
        let (kind, word) = match n % 20 {
            0..=11 => (Kind::PhpClass, "class"),
            12..=16 => (Kind::PhpTemplate, "view"),
            _ => (Kind::PhpFunctions, "functions"),
        };
        let name = writer.name().replace('_', "-");
        let size = writer.random().size(&plan::PHP);
        let text = source(kind, writer.random().next(), size);
        let group = if n_files > 100 {
            format!("/part-{}", n / 30)
        } else {
            String::new()
        };
        files.push(File::new(
            format!("{folder}{group}/{word}-{name}-{n}.php"),
            text,
        ));
        if n % 12 == 1 {
            files.push(File::new(
                format!("{folder}/group-{n}/index.php"),
                "<?php\n// Silence is golden.\n",
            ));
        }
    }
    files
}

fn assets(plan: Plan, writer: &mut Writer) -> Vec<File> {
    let mut files = Vec::new();
    let mut add = |n_files: usize, sizes: &_, kind: Kind, folder: &str, ending: &str| {
        for n in 0..n_files {
            let name = writer.name().replace('_', "-");
            let size = writer.random().size(sizes);
            let text = source(kind, writer.random().next(), size);
            files.push(File::new(
                format!("assets/{folder}/{name}-{n}{ending}"),
                text,
            ));
        }
    };
    add(plan.scripts, &plan::SCRIPT, Kind::JavaScript, "js", ".js");
    add(
        plan.minified,
        &plan::MINIFIED,
        Kind::Minified,
        "js",
        ".min.js",
    );
    add(plan.styles, &plan::STYLE, Kind::Style, "css", ".css");
    add(
        plan.pictures / 3,
        &plan::STYLE,
        Kind::Drawing,
        "images",
        ".svg",
    );
    for n in plan.pictures / 3..plan.pictures {
        let size = writer.random().size(&plan::PICTURE);
        files.push(File::new(
            format!("assets/images/image-{n}.png"),
            picture(size, writer),
        ));
    }
    files
}

/// Makes bytes that cannot be compressed, behind the head of a picture.
fn picture(size: usize, writer: &mut Writer) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    while bytes.len() < size {
        bytes.extend_from_slice(&writer.random().next().to_le_bytes());
    }
    bytes
}

fn translations(n_files: usize, slug: &str, writer: &mut Writer) -> Vec<File> {
    let mut files = Vec::new();
    for n in 0..n_files {
        let size = writer.random().size(&plan::TRANSLATION);
        let text = source(Kind::Translation, writer.random().next(), size);
        let ending = if n == 0 {
            ".pot".to_owned()
        } else {
            format!("-l{n}.po")
        };
        files.push(File::new(format!("languages/{slug}{ending}"), text));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(file: &File) -> bool {
        let text = String::from_utf8_lossy(&file.bytes).to_lowercase();
        text.contains("stripe")
    }

    #[test]
    fn a_plugin_is_the_same_again() {
        assert_eq!(plugin(12), plugin(12));
        assert_ne!(plugin(12).0, plugin(13).0);
    }

    #[test]
    fn no_file_of_a_plugin_has_the_path_of_another() {
        let (_, files) = plugin(57);
        let mut paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), files.len());
    }

    #[test]
    fn the_word_is_only_where_it_is_wanted() {
        assert!(plugin(7).1.iter().any(mentions));
        assert!(plugin(31).1.iter().any(mentions));
        for index in [0, 1, 2, 30, 50] {
            assert!(!plugin(index).1.iter().any(mentions), "{index}");
        }
    }
}
