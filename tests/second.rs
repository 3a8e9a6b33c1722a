//! The severity of random incidents, computed a second time by `tests/second/severity.py`, which knows the method and the file format and nothing
//! of this program's source. Here a sample; for the figure of the changelog: `python3 tests/second/agree.py target/release/breach --count 100000`.

#![allow(clippy::print_stdout)]

use std::path::Path;
use std::process::Command;

const SAMPLE: &str = "3000";

#[test]
fn a_second_computation_agrees() {
    if !Command::new("python3").arg("--version").output().is_ok_and(|o| o.status.success()) {
        return println!("skipped: no python3 on this machine, so nothing was computed a second time");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second/agree.py");
    // no byte code beside the sources
    let output = Command::new("python3").arg("-B").arg(script).args([env!("CARGO_BIN_EXE_breach"), "--count", SAMPLE]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    // a comparison of nothing would agree too
    assert!(said.starts_with(&format!("{SAMPLE} incidents compared (")) && said.trim_end().ends_with(", 0 differ"), "{said}");
}
