//! Zips.

use rawzip::CompressionMethod;

use super::{
    failure, files, noise, open, open_with,
    pack::{Member, member, zip, zip_of},
    said, text,
};
use crate::{
    Options,
    archive::{Archive, Fault, Limits},
    place::Place,
};

#[test]
fn members_are_found_and_read() {
    let tree = open(
        "a.zip",
        &zip(&[("a/x.php", "<?php 1;"), ("a/b/y.js", "2"), ("z.py", "")]),
    );
    assert_eq!(files(&tree), ["z.py", "a/x.php", "a/b/y.js"]);
    assert_eq!(text(&tree, "a/x.php"), "<?php 1;");
    assert_eq!(text(&tree, "z.py"), "");
    assert!(said(&tree).is_empty());
}

#[test]
fn members_that_are_not_packed_are_read() {
    let stored = Member {
        method: CompressionMethod::STORE,
        ..member("x.php", "<?php 1;")
    };
    let tree = open("a.zip", &zip_of(&[stored]));
    assert_eq!(text(&tree, "x.php"), "<?php 1;");
}

#[test]
fn names_that_lead_out_are_not_read_and_said() {
    let names = [
        "../evil.php",
        "/etc/evil.php",
        "a/../../evil.php",
        "C:\\evil.php",
        "good.php",
    ];
    let tree = open("a.zip", &zip_of(&names.map(|name| member(name, "<?php"))));
    assert_eq!(files(&tree), ["good.php"]);
    assert_eq!(
        said(&tree),
        [
            "unread-archive ../evil.php this member and 3 more were not read: its name leads out of the archive"
        ]
    );
}

#[test]
fn names_nest_only_so_deep() {
    let deep = format!("{}x.php", "a/".repeat(100));
    let tree = open(
        "a.zip",
        &zip(&[(deep.as_str(), "<?php"), ("x.php", "<?php")]),
    );
    assert_eq!(files(&tree), ["x.php"]);
    assert!(said(&tree)[0].starts_with("unread-archive "));
}

#[test]
fn names_of_windows_and_of_old_encodings_are_read() {
    let tree = open(
        "a.zip",
        &zip_of(&[member("a\\x.php", "1"), member(b"caf\xe9.php", "2")]),
    );
    assert_eq!(files(&tree), ["caf\u{fffd}.php", "a/x.php"]);
    assert!(said(&tree).is_empty());
}

#[test]
fn of_members_of_one_name_the_last_counts_and_that_is_said() {
    let tree = open("a.zip", &zip(&[("x.php", "first"), ("x.php", "last")]));
    assert_eq!(text(&tree, "x.php"), "last");
    assert_eq!(
        said(&tree),
        ["unread-archive x.php another member of this name was not read: only the last counts"]
    );
}

#[test]
fn a_member_that_is_there_twice_does_not_matter() {
    let tree = open("a.zip", &zip(&[("x.php", "same"), ("x.php", "same")]));
    assert_eq!(text(&tree, "x.php"), "same");
    assert!(said(&tree).is_empty());
}

#[test]
fn a_file_cannot_be_a_folder_too() {
    for order in [["x.php", "x.php/y.php"], ["x.php/y.php", "x.php"]] {
        let tree = open("a.zip", &zip(&order.map(|name| (name, "<?php"))));
        assert_eq!(files(&tree), ["x.php/y.php"]);
        assert!(said(&tree)[0].starts_with("unread-archive x.php another"));
    }
}

#[test]
fn links_are_not_followed() {
    let link = |name: &str, target: &str| Member {
        mode: 0o120_777,
        ..member(name, target)
    };
    let tree = open(
        "a.zip",
        &zip_of(&[
            member("a/x.php", "<?php"),
            link("a/inside.php", "x.php"),
            link("a/outside.php", "../../../etc/passwd"),
            link("a/absolute.php", "/etc/passwd"),
        ]),
    );
    assert_eq!(files(&tree), ["a/x.php"]);
    assert!(tree.leads_to_member("a/inside.php"));
    assert!(!tree.leads_to_member("a/outside.php"));
    assert!(!tree.leads_to_member("a/absolute.php"));
    assert!(tree.open("a/inside.php").is_err());
}

#[test]
fn encrypted_members_are_said_where_they_could_be_code() {
    let secret = |name: &str| Member {
        is_encrypted: true,
        ..member(name, "<?php")
    };
    let tree = open(
        "a.zip",
        &zip_of(&[secret("x.php"), secret("y.php"), secret("logo.png")]),
    );
    assert_eq!(
        said(&tree),
        ["unread-archive x.php this member and 1 more were not read: it is encrypted"]
    );
}

#[test]
fn members_packed_in_other_ways_are_said() {
    let other = Member {
        method: CompressionMethod::ZSTD,
        ..member("x.php", "<?php")
    };
    let tree = open("a.zip", &zip_of(&[other]));
    assert_eq!(
        said(&tree),
        ["unread-archive x.php this member was not read: it is packed with method 93"]
    );
}

#[test]
fn members_that_are_larger_or_smaller_than_they_say_are_not_read() {
    for method in [CompressionMethod::DEFLATE, CompressionMethod::STORE] {
        let lying = |name: &str, said| Member {
            said: Some(said),
            method,
            ..member(name, "0123456789".repeat(1000))
        };
        let tree = open(
            "a.zip",
            &zip_of(&[lying("more.php", 10), lying("less.php", 20_000)]),
        );
        for path in files(&tree) {
            let reason = failure(&tree, &path);
            let is_said = reason.contains("larger") || reason.contains("damaged");
            assert!(is_said, "{path}: {reason}");
        }
        assert!(files(&tree).contains(&"more.php".to_owned()));
    }
}

#[test]
fn a_size_that_nothing_can_have_takes_no_memory() {
    let lying = Member {
        said: Some(u64::MAX / 2),
        ..member("x.php", "<?php")
    };
    let tree = open("a.zip", &zip_of(&[lying]));
    assert!(
        said(&tree)[0].starts_with("unread-archive x.php"),
        "{:?}",
        said(&tree)
    );
}

#[test]
fn bytes_that_were_changed_are_noticed() {
    let mut bytes = zip_of(&[Member {
        method: CompressionMethod::STORE,
        ..member("x.php", "<?php refund();")
    }]);
    let at = bytes.windows(6).position(|some| some == b"refund").unwrap();
    bytes[at] = b'R';
    let tree = open("a.zip", &bytes);
    assert_eq!(
        failure(&tree, "x.php"),
        "its bytes in the archive are damaged"
    );
    let mut bytes = zip(&[("x.php", noise(500))]);
    bytes[100] ^= 0xff;
    let tree = open("a.zip", &bytes);
    assert_eq!(
        failure(&tree, "x.php"),
        "its bytes in the archive are damaged"
    );
}

#[test]
fn a_bomb_is_not_inflated() {
    let limits = Limits {
        small: 1 << 16,
        ..Limits::default()
    };
    let bomb = vec![b' '; 1 << 20];
    let tree = open_with("a.zip", &zip(&[("x.php", &bomb)]), &limits).unwrap();
    assert!(files(&tree).is_empty());
    assert_eq!(
        said(&tree),
        [
            "unread-archive x.php this member was not read: unpacked, it is more than 200 times as large"
        ]
    );
}

#[test]
fn what_nobody_reads_may_be_as_large_as_it_wants() {
    let limits = Limits {
        small: 1 << 10,
        unpacked: 1 << 10,
        ..Limits::default()
    };
    let large = vec![0; 1 << 20];
    let members = [("video.mp4", large.as_slice()), ("x.php", b"<?php")];
    let tree = open_with("a.zip", &zip(&members), &limits).unwrap();
    assert!(said(&tree).is_empty());
}

#[test]
fn all_members_together_are_read_up_to_a_limit() {
    let limits = Limits {
        unpacked: 1500,
        ..Limits::default()
    };
    let bytes = noise(1000);
    let names = ["a.php", "b.php", "c.php"];
    let tree = open_with("a.zip", &zip(&names.map(|name| (name, &bytes))), &limits).unwrap();
    assert_eq!(files(&tree), ["a.php"]);
    assert_eq!(
        said(&tree),
        [
            "unread-archive b.php this member and 1 more were not read: unpacked, the archive has more than 1500 bytes"
        ]
    );
}

#[test]
fn members_are_counted() {
    let limits = Limits {
        n_members: 1000,
        ..Limits::default()
    };
    let members: Vec<Member> = (0..5000).map(|n| member(format!("{n}.php"), "")).collect();
    let tree = open_with("a.zip", &zip_of(&members), &limits).unwrap();
    assert_eq!(files(&tree).len(), 1000);
    assert_eq!(
        said(&tree),
        ["unread-archive  the archive has more than 1000 members; others were not read"]
    );
    // Folders count too: one name can make many.
    let members: Vec<Member> = (0..500)
        .map(|n| member(format!("{n}/a/b/c/d/e/x.php"), ""))
        .collect();
    let tree = open_with("a.zip", &zip_of(&members), &limits).unwrap();
    assert!(files(&tree).len() < 200);
}

/// Lets the directory say that the second member lies where the first one does.
fn overlapped() -> Vec<u8> {
    let mut bytes = zip(&[("a.php", noise(300)), ("b.php", noise(300))]);
    let header = b"PK\x01\x02";
    let second = bytes.windows(4).rposition(|some| some == header).unwrap();
    bytes[second + 42..second + 46].copy_from_slice(&[0; 4]);
    bytes
}

#[test]
fn members_that_share_bytes_are_not_read() {
    let tree = open("a.zip", &overlapped());
    assert!(files(&tree).is_empty());
    assert_eq!(
        said(&tree),
        [
            "unread-archive a.php this member and 1 more were not read: it shares its bytes with another"
        ]
    );
}

#[test]
fn an_archive_whose_end_is_missing_cannot_be_opened() {
    let whole = zip(&[("x.php", noise(3000))]);
    for length in [0, 1, 100, whole.len() - 10] {
        let Err(Fault(reason)) = open_with("a.zip", &whole[..length], &Limits::default()) else {
            panic!("{length} bytes were opened");
        };
        assert_eq!(reason, "it is no zip, or its end is missing");
    }
}

#[test]
fn an_archive_whose_beginning_is_missing_is_said_to_be_damaged() {
    let whole = zip(&[("x.php", noise(3000)), ("y.php", noise(3000))]);
    let opened = open_with("a.zip", &whole[4000..], &Limits::default());
    let Ok(tree) = opened else {
        return;
    };
    let broken = files(&tree)
        .iter()
        .any(|path| tree.whole(path, 1 << 20).is_err());
    assert!(broken || !said(&tree).is_empty());
}

#[test]
fn every_byte_may_be_wrong_without_harm() {
    let whole = zip(&[
        ("a/x.php", "<?php 1;"),
        ("a/b/y.js", "2;"),
        ("logo.png", ""),
    ]);
    for at in 0..whole.len() {
        for value in [0, 0xff, whole[at] ^ 1] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            if let Ok(tree) = open_with("a.zip", &bytes, &Limits::default()) {
                for path in files(&tree) {
                    let _ = tree.whole(&path, 1 << 20);
                }
            }
        }
    }
}

#[test]
fn archives_in_one_archive_share_what_one_may_have() {
    let limits = Limits {
        unpacked: 3000,
        ..Limits::default()
    };
    let bytes = noise(1000);
    let inner = zip(&[("a.php", &bytes), ("b.php", &bytes)]);
    let outer = open(
        "outer.zip",
        &zip(&["1.zip", "2.zip", "3.zip"].map(|name| (name, &inner))),
    );
    let open = |name: &str| {
        let place = Place::Inside(outer.clone(), name.to_owned());
        let archive = Archive::at(place).unwrap();
        archive.open(&Options::default(), &limits)
    };
    assert!(said(&open("1.zip").unwrap()).is_empty());
    assert_eq!(files(&open("2.zip").unwrap()), ["a.php"]);
    let Err(Fault(reason)) = open("3.zip") else {
        panic!("it was opened");
    };
    assert!(reason.starts_with("those before it"), "{reason}");
}
