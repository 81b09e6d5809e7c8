//! Packs the compiled table, section by section: the program is smaller by half a megabyte, and a
//! section is unpacked in less time than it takes to read it.

use std::{env, error::Error, fs, path::Path};

const TABLE: &str = "../../rules/compiled.tsv";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={TABLE}");
    println!("cargo::rerun-if-changed=build.rs");
    let packed = pack(&fs::read_to_string(TABLE)?)?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("rules.lz4"), packed)?;
    Ok(())
}

/// Packs each section, and puts the new lengths into the head.
fn pack(table: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let (head, mut rows) = table.split_once('\n').ok_or("the table has no head")?;
    let mut cells = head.split('\t');
    let about: Vec<&str> = cells.by_ref().take(3).collect();
    let mut packed_head = about.join("\t");
    let mut packed_rows = Vec::new();
    while let (Some(name), Some(length)) = (cells.next(), cells.next()) {
        let length = length.parse()?;
        let section = rows.get(..length).ok_or("a section ends after the table")?;
        rows = &rows[length..];
        let packed = lz4_flex::block::compress_prepend_size(section.as_bytes());
        for cell in [name, &packed.len().to_string()] {
            packed_head.push('\t');
            packed_head.push_str(cell);
        }
        packed_rows.extend(packed);
    }
    packed_head.push('\n');
    Ok([packed_head.into_bytes(), packed_rows].concat())
}
