//! Tars, also compressed ones.

use super::{
    files, noise, open, open_with,
    pack::{gz, tar, xz},
    said, text,
};
use crate::archive::{Archive, Limits};

const FILES: [(&str, &str); 3] = [
    ("a/x.php", "<?php 1;"),
    ("a/b/y.js", "2"),
    ("logo.png", "3"),
];

/// Writes a tar with one member that a header describes.
fn raw(headers: &[(tar::EntryType, &str, &str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (kind, name, link, bytes) in headers {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

#[test]
fn members_are_found_and_read_in_every_compression() {
    let plain = tar(&FILES);
    for (name, bytes) in [
        ("a.tar", plain.clone()),
        ("a.tar.gz", gz(&plain)),
        ("a.TGZ", gz(&plain)),
        ("a.tar.xz", xz(&plain)),
    ] {
        let tree = open(name, &bytes);
        assert_eq!(tree.name(), "a", "{name}");
        assert_eq!(files(&tree), ["logo.png", "a/x.php", "a/b/y.js"], "{name}");
        assert_eq!(text(&tree, "a/x.php"), "<?php 1;", "{name}");
        assert!(tree.open("logo.png").is_err(), "nobody wants to read it");
        assert!(said(&tree).is_empty(), "{name}: {:?}", said(&tree));
    }
}

#[test]
fn long_names_are_read_up_to_a_limit() {
    let long = format!("{}/x.php", "a".repeat(300));
    let tree = open("a.tar", &tar(&[(long.as_str(), "1")]));
    assert_eq!(files(&tree), [long]);
    let endless = vec![b'a'; 1 << 20];
    let bytes = raw(&[
        (tar::EntryType::GNULongName, "././@LongLink", "", &endless),
        (tar::EntryType::Regular, "x.php", "", b"1"),
    ]);
    let tree = open("a.tar", &bytes);
    assert_eq!(
        said(&tree),
        ["unread-archive  the archive is damaged: what it says of a member is too long"]
    );
}

#[test]
fn two_sizes_of_one_member_are_not_believed() {
    let bytes = raw(&[
        (tar::EntryType::XHeader, "x", "", b"12 size=999\n"),
        (tar::EntryType::Regular, "x.php", "", b"<?php"),
    ]);
    let tree = open("a.tar", &bytes);
    assert!(files(&tree).is_empty());
    assert!(said(&tree)[0].contains("two sizes"), "{:?}", said(&tree));
}

#[test]
fn names_that_lead_out_and_links_are_not_followed() {
    let bytes = raw(&[
        (tar::EntryType::Regular, "a/x.php", "", b"<?php"),
        (tar::EntryType::Regular, "../evil.php", "", b"<?php"),
        (tar::EntryType::Regular, "/evil.php", "", b"<?php"),
        (tar::EntryType::Symlink, "a/in.php", "x.php", b""),
        (tar::EntryType::Symlink, "a/out.php", "../../x.php", b""),
        (tar::EntryType::Link, "a/hard.php", "a/x.php", b""),
        (tar::EntryType::Link, "a/gone.php", "a/none.php", b""),
        (tar::EntryType::Char, "a/device.php", "", b""),
    ]);
    let tree = open("a.tar", &bytes);
    assert_eq!(files(&tree), ["a/hard.php", "a/x.php"]);
    assert_eq!(text(&tree, "a/hard.php"), "<?php");
    assert!(tree.leads_to_member("a/in.php"));
    assert!(!tree.leads_to_member("a/out.php"));
    assert!(!tree.leads_to_member("a/gone.php"));
    assert_eq!(
        said(&tree),
        [
            "unread-archive ../evil.php this member and 1 more were not read: its name leads out of the archive"
        ]
    );
}

#[test]
fn a_bomb_is_given_up() {
    let limits = Limits {
        small: 1 << 16,
        ..Limits::default()
    };
    let bomb = tar(&[
        ("x.php", "<?php".as_bytes()),
        ("zeros.bin", &vec![0; 8 << 20]),
    ]);
    for (name, bytes) in [("a.tar.gz", gz(&bomb)), ("a.tar.xz", xz(&bomb))] {
        let tree = open_with(name, &bytes, &limits).unwrap();
        assert_eq!(
            files(&tree),
            ["x.php", "zeros.bin"],
            "what came before is read"
        );
        assert_eq!(
            said(&tree),
            [
                "unread-archive  this member was not read: unpacked, it is more than 200 times as large"
            ]
        );
    }
}

#[test]
fn limits_hold_for_all_members_together() {
    let bytes = noise(2000);
    let files_of = ["a.php", "b.php", "c.php"].map(|name| (name, &bytes));
    let unpacked = Limits {
        unpacked: 4000,
        ..Limits::default()
    };
    let tree = open_with("a.tar.gz", &gz(&tar(&files_of)), &unpacked).unwrap();
    assert_eq!(files(&tree), ["a.php"]);
    assert!(
        said(&tree)[0].starts_with("unread-archive "),
        "{:?}",
        said(&tree)
    );
    let kept = Limits {
        kept: 4500,
        ..Limits::default()
    };
    let tree = open_with("a.tar", &tar(&files_of), &kept).unwrap();
    assert_eq!(files(&tree), ["a.php", "b.php"]);
    assert_eq!(
        said(&tree),
        [
            "unread-archive c.php this member was not read: the archive holds more source than 4500 bytes"
        ]
    );
}

#[test]
fn an_archive_that_ends_early_is_said_to_be_damaged() {
    let plain = tar(&[("a.php", noise(3000)), ("b.php", noise(3000))]);
    let (gzipped, xzipped) = (gz(&plain), xz(&plain));
    for (name, bytes) in [
        ("a.tar", &plain[..5000]),
        ("a.tar", &plain[..3584]),
        ("a.tar.gz", &gzipped[..gzipped.len() - 4]),
        ("a.tar.gz", &gzipped[..gzipped.len() / 2]),
        ("a.tar.xz", &xzipped[..xzipped.len() / 2]),
        ("a.tar.gz", b"<html>not found</html>"),
        ("a.tar.xz", b""),
    ] {
        let tree = open(name, bytes);
        assert_eq!(said(&tree).len(), 1, "{name} of {} bytes", bytes.len());
        assert!(said(&tree)[0].starts_with("unread-archive  the archive is damaged: "));
    }
}

#[test]
fn a_decoder_gets_only_so_much_memory() {
    // The header of a block that asks for 4 GiB, with the checksum that belongs to it.
    let mut bytes = xz(&tar(&FILES));
    bytes[16] = 40;
    let header = bytes[12..20].to_vec();
    bytes[20..24].copy_from_slice(&rawzip::crc32(&header).to_le_bytes());
    let tree = open("a.tar.xz", &bytes);
    assert!(files(&tree).is_empty());
    assert!(said(&tree)[0].contains("damaged"), "{:?}", said(&tree));
}

#[test]
fn what_is_no_archive_is_refused_by_name() {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, reason) in [("a.tar.gz", "cannot be unpacked"), ("a.zip", "is no zip")] {
        let path = folder.path().join(name);
        std::fs::write(&path, "<html>not found</html>").unwrap();
        let error = Archive::named(&path).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let path = folder.path().join("a.rar");
    std::fs::write(&path, "Rar!").unwrap();
    assert!(Archive::named(&path).is_err());
    let path = folder.path().join("a.php");
    assert!(Archive::named(&path).unwrap().is_none());
}
