//! Runs when the program is built: every file of `data/` is parsed and kept as JSON beside its text and its digest, so that a run need not work out what
//! never changes.
//!
//! JSON is read many times faster than TOML, and the types that read the files take both.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use toml::Value as Toml;

fn main() -> io::Result<()> {
    let data = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("data");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed={}", data.display());
    let mut files = Vec::new();
    walk(&data, &mut files)?;
    files.sort_by_key(|file| file.with_extension(""));
    let mut list = String::from("&[\n");
    for (i, file) in files.iter().enumerate() {
        let text = fs::read_to_string(file)?;
        // a file with a fault is for the tests to report
        let Ok(table) = toml::from_str::<toml::Table>(&text) else { continue };
        let sha256: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        let head =
            json(Toml::Table(table.iter().filter(|(_, value)| !holds_tables(value)).map(|(key, value)| (key.clone(), value.clone())).collect()));
        let ready = out.join(format!("{i}.json"));
        fs::write(&ready, json(Toml::Table(table)).to_string())?;
        let name = file.strip_prefix(&data).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(
            list,
            "    Ready {{ name: {name:?}, text: include_str!({file:?}), json: include_str!({ready:?}), head: {:?}, sha256: {sha256:?} }},",
            head.to_string()
        );
    }
    fs::write(out.join("ready.rs"), list + "]\n")
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

fn holds_tables(value: &Toml) -> bool {
    match value {
        Toml::Table(_) => true,
        Toml::Array(list) => list.iter().any(holds_tables),
        _ => false,
    }
}

fn json(value: Toml) -> Json {
    match value {
        Toml::String(text) => text.into(),
        Toml::Integer(n) => n.into(),
        Toml::Float(n) => n.into(),
        Toml::Boolean(flag) => flag.into(),
        Toml::Datetime(time) => time.to_string().into(),
        Toml::Array(list) => list.into_iter().map(json).collect(),
        Toml::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
    }
}
