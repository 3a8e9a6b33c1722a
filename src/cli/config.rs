//! The house's settings: which file holds them, and what applies in the end.

use std::fs;
use std::path::{Path, PathBuf};

use breach::config::{self, Config, NAME, SETTINGS, Want};
use breach::incident::read::LARGEST_FILE;
use breach::render::text::inert;
use breach::tables::TableError;
use clap::Args;
use serde::Serialize;

use super::RuleArgs;

/// Where the house's settings come from.
#[derive(Args)]
pub struct ConfigArgs {
    /// The house's settings [default: breach.toml here or in a folder above]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no settings
    #[arg(long)]
    no_config: bool,
}

/// The settings, and the file that holds them.
#[derive(Default)]
pub struct House {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// What it says.
    pub config: Config,
}

impl ConfigArgs {
    /// Finds and reads the settings.
    pub fn load(&self) -> Result<House, TableError> {
        if self.no_config {
            return Ok(House::default());
        }
        let Some(file) = self.config.clone().or_else(found) else { return Ok(House::default()) };
        let name = file.display().to_string();
        let unreadable = |source| TableError::Unreadable { path: name.clone(), source };
        let mut bytes = Vec::new();
        let open = fs::File::open(&file).map_err(unreadable)?;
        std::io::Read::read_to_end(&mut std::io::Read::take(open, LARGEST_FILE + 1), &mut bytes).map_err(unreadable)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let config = config::read(&name, &bytes, folder)?;
        Ok(House { file: Some(file), config })
    }
}

/// The settings of the working directory or the nearest folder above it, as a path from here.
fn found() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let up = here.ancestors().position(|folder| folder.join(NAME).is_file())?;
    let mut path: PathBuf = std::iter::repeat_n("..", up).collect();
    path.push(NAME);
    Some(path)
}

/// One thing that applies, and where it comes from.
#[derive(Serialize)]
struct Applies {
    setting: String,
    value: String,
    from: String,
}

/// What applies to a run with these options, and where each comes from: for `breach explain config`.
///
/// # Errors
/// If the settings cannot be read.
pub fn applies(args: &RuleArgs, json: bool) -> anyhow::Result<String> {
    let house = args.method.config.load()?;
    let file = house.file.as_deref().map(|f| f.display().to_string());
    let mut all: Vec<Applies> = Vec::new();
    let mut add = |setting: &str, option: Option<String>, otherwise: &str| {
        let said: Vec<_> = house.config.said.iter().filter(|s| s.path == setting).collect();
        let (value, from) = match (option, said.first()) {
            (Some(value), _) => (value, format!("--{setting}")),
            (None, Some(said)) => (said.value.clone(), format!("{}:{}", file.as_deref().unwrap_or(NAME), said.line)),
            (None, None) => (otherwise.to_owned(), "default".to_owned()),
        };
        all.push(Applies { setting: setting.to_owned(), value, from });
    };
    let quoted = |text: &str| toml::Value::from(text).to_string();
    add("lang", None, &quoted("en"));
    add("method", args.method.method.as_ref().map(|c| quoted(&c.as_str())), &quoted(breach::desk::METHOD));
    add("practice", args.practice.as_ref().map(|c| quoted(&c.as_str())), "the country's");
    let regimes: Vec<String> = args.regime.iter().map(|c| quoted(&c.as_str())).collect();
    add("regime", (!regimes.is_empty()).then(|| regimes.join(", ")), "by country and sector");
    add("data", args.method.data.as_ref().map(|d| quoted(&d.display().to_string())), "built-in");
    add("register", None, &quoted("register.jsonl"));
    let incident = house.config.said.iter().filter(|s| !SETTINGS.iter().any(|k| k.key == s.path && !matches!(k.want, Want::Answers(_))));
    let answers: Vec<String> = incident.map(|s| s.path.clone()).collect();
    for path in &answers {
        add(path, None, "");
    }
    if json {
        return Ok(serde_json::to_string_pretty(&all)? + "\n");
    }
    let mut out = match &file {
        Some(file) => format!("Settings: {file}\n\n"),
        None => format!("Settings: none ({NAME} would be looked for here and in the folders above)\n\n"),
    };
    let width = |of: fn(&Applies) -> &str| all.iter().map(|a| of(a).chars().count()).max().unwrap_or(0);
    let (first, second) = (width(|a| &a.setting), width(|a| &a.value).min(48));
    for a in &all {
        out += &format!("{:first$}  {:second$}  {}\n", a.setting, a.value, a.from);
    }
    out += "\nWhat an option or the incident itself says goes before this file.\n";
    Ok(inert(&out))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        rules: RuleArgs,
    }

    #[test]
    fn what_applies_says_where_it_comes_from() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("house.toml");
        fs::write(&file, "practice = \"plain\"\nmethod = \"odo24\"\n[controller]\nname = \"Example\"\n").unwrap();
        let line = Line::parse_from(["breach", "--config", file.to_str().unwrap(), "--practice", "edpb"]);
        let all: Vec<serde_json::Value> = serde_json::from_str(&applies(&line.rules, true).unwrap()).unwrap();
        let from = |setting: &str| {
            let one = all.iter().find(|a| a["setting"] == setting).unwrap();
            (one["value"].as_str().unwrap().to_owned(), one["from"].as_str().unwrap().to_owned())
        };
        assert_eq!(from("practice"), ("\"edpb\"".into(), "--practice".into()));
        assert_eq!(from("method"), ("\"odo24\"".into(), format!("{}:2", file.display())));
        assert_eq!(from("controller.name"), ("\"Example\"".into(), format!("{}:4", file.display())));
        assert_eq!(from("lang"), ("\"en\"".into(), "default".into()));
    }
}
