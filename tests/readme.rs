//! Every command that the README shows works and prints what is shown.

#[test]
fn the_readme_tells_the_truth() {
    trycmd::TestCases::new().case("README.md");
}

/// A README without sessions would pass the test above.
#[test]
fn the_readme_shows_commands() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README is there");
    assert!(readme.matches("\n$ breach ").count() >= 6);
}
