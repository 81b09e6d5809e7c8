//! Folders that plugins bring along: packages in `vendor`, and a copy of the SDK.

use crate::{
    File, Kind,
    piece::{Writer, studly},
    plan, source,
};

/// How many classes the SDK has beside those that it is known by.
const N_CLASSES: usize = 160;

/// Writes packages of `n_files` classes in all.
pub(crate) fn packages(n_files: usize, writer: &mut Writer) -> Vec<File> {
    if n_files == 0 {
        return Vec::new();
    }
    let mut files = vec![
        File::new("vendor/autoload.php", AUTOLOAD),
        File::new("vendor/composer/installed.json", "{\"packages\":[]}\n"),
        File::new(
            "composer.json",
            "{\"name\":\"acme/plugin\",\"require\":{\"php\":\">=7.4\"}}\n",
        ),
    ];
    let mut package = String::new();
    for n in 0..n_files {
        if n % 40 == 0 {
            package = format!("vendor/{}/{}", writer.word(), writer.word());
            files.push(File::new(format!("{package}/LICENSE"), LICENCE));
        }
        let name = studly(&writer.name()).replace('_', "");
        files.push(class(&format!("{package}/src/{name}{n}.php"), writer));
    }
    files
}

fn class(path: &str, writer: &mut Writer) -> File {
    let size = writer.random().size(&plan::PHP) / 2;
    File::new(path, source(Kind::PhpClass, writer.random().next(), size))
}

/// Writes a copy of Stripe's SDK for PHP: what it is known by, and classes with its word in them.
pub(crate) fn sdk(folder: &str, writer: &mut Writer) -> Vec<File> {
    let mut files = vec![
        File::new(format!("{folder}/VERSION"), "10.21.0\n"),
        File::new(
            format!("{folder}/composer.json"),
            "{\"name\":\"stripe/stripe-php\"}\n",
        ),
        File::new(format!("{folder}/init.php"), INIT),
        File::new(format!("{folder}/lib/ApiRequestor.php"), REQUESTOR),
        File::new(format!("{folder}/lib/ApiResource.php"), RESOURCE),
        File::new(format!("{folder}/lib/Stripe.php"), STRIPE),
    ];
    for n in 0..N_CLASSES {
        let name = studly(&writer.name()).replace('_', "");
        let mut file = class(&format!("{folder}/lib/{name}{n}.php"), writer);
        file.bytes
            .extend_from_slice(b"// File generated from the API of Stripe.\n");
        files.push(file);
    }
    if folder.starts_with("vendor/") {
        files.push(File::new("vendor/autoload.php", AUTOLOAD));
    }
    files
}

const AUTOLOAD: &str = "<?php\nrequire_once __DIR__ . '/composer/autoload_real.php';\n";
const LICENCE: &str = "Permission is hereby granted, free of charge, to any person.\n";
const INIT: &str =
    "<?php\nrequire __DIR__ . '/lib/Stripe.php';\nrequire __DIR__ . '/lib/ApiRequestor.php';\n";
const REQUESTOR: &str = "<?php\n\nnamespace Stripe;\n\nclass ApiRequestor\n{\n    \
    const HEADER = 'X-Stripe-Client-User-Agent';\n}\n";
const RESOURCE: &str =
    "<?php\n\nnamespace Stripe;\n\nabstract class ApiResource extends StripeObject\n{\n}\n";
const STRIPE: &str = "<?php\n\nnamespace Stripe;\n\nclass Stripe\n{\n    \
    public static $apiBase = 'https://api.stripe.com';\n    const VERSION = '10.21.0';\n}\n";
