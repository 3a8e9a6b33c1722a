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

/// Who takes a new version has to see what it does to results: those of this one stand under its number, with the tables that they rest on.
#[test]
fn the_changelog_says_what_this_version_does_to_results() {
    use breach::tables::{Kind, Tables};
    let changelog = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/CHANGELOG.md")).expect("the changelog is there");
    let (_, of_this) = changelog.split_once(&format!("\n## [{}] - ", env!("CARGO_PKG_VERSION"))).expect("this version has its part");
    let of_this = of_this.split("\n## ").next().unwrap_or_default();
    let (_, results) = of_this.split_once("\n### Results\n").expect("and that a part on results");
    for kind in [Kind::Method, Kind::Practice] {
        for id in Tables::built_in_ids(kind) {
            let text = Tables::default().text(kind, id).expect("it is built in").parse::<toml::Table>().expect("it is TOML");
            let version = text["version"].as_str().expect("a text");
            assert!(results.contains(&format!("`{id}` {version}")), "{id} {version}");
        }
    }
}
