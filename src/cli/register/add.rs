//! `breach register add`: an incident into the register.

use std::path::{Path, PathBuf};

use anyhow::Context;
use breach::assess::assess;
use breach::decide::RuleView;
use breach::desk::{Desk, Picked};
use breach::duties::Time;
use breach::incident::read::About;
use breach::incident::{Incident, text};
use breach::lint::{self, Found};
use breach::practice::ReadingNote;
use breach::register::append::{AppendError, Mended, Writer};
use breach::register::entry::{Allowed, Assessed, Draft, TooLong};
use breach::register::line;
use breach::render::json;
use breach::sheet::Sheet;
use breach::tables::sha256;
use breach::texts::Texts;
use breach::zone::Zone;
use clap::Args;

use super::super::emit::{self, Out, Usage, shown};
use super::super::input::{self, Form, Item};
use super::super::{Colour, Exit, InputArgs, OutArgs, RuleArgs};
use super::{Register, one_line, texts};

/// Options of `register add`.
#[derive(Args)]
pub struct AddArgs {
    /// The incident file (TOML, JSON, JSON Lines, a case file), or `-`
    #[arg(value_name = "FILE")]
    incident: PathBuf,
    /// Record that this was found not to be a breach: every loss is none, and decision.why says why
    #[arg(long)]
    not_a_breach: bool,
    /// Let pass what looks like personal data of somebody affected in that text, and record why; repeatable. PATH:CHARACTER means one of several
    #[arg(long, value_name = "PATH=REASON", value_parser = allow)]
    allow: Vec<Allow>,
    /// The form of standard input
    #[arg(long, value_enum, default_value_t = Form::Toml, value_name = "FORM")]
    input_format: Form,
    #[command(flatten)]
    rules: RuleArgs,
}

/// What may stand in the register all the same.
#[derive(Clone, Debug)]
struct Allow {
    path: String,
    /// The character at which it begins, where only one of several is meant.
    place: Option<usize>,
    reason: String,
}

fn allow(said: &str) -> Result<Allow, String> {
    let form = "write it as PATH=REASON, like description=number of a case";
    let (path, reason) = said.split_once('=').ok_or(form)?;
    if path.trim().is_empty() || reason.trim().is_empty() {
        return Err(form.into());
    }
    let (path, place) = match path.trim().rsplit_once(':') {
        Some((path, place)) => (path, Some(place.parse().map_err(|_| form)?)),
        None => (path.trim(), None),
    };
    Ok(Allow { path: path.to_owned(), place, reason: reason.trim().to_owned() })
}

impl Allow {
    /// Whether it is about something that was found.
    fn means(&self, found: &Found) -> bool {
        self.path == found.path && self.place.is_none_or(|place| place == found.place)
    }
}

/// The most entries that are written at once: so many wait in memory, and for each other's way to the disk.
const TOGETHER: usize = 256;

/// Runs the command.
pub(super) fn run(args: &AddArgs, register: Register<'_>) -> anyhow::Result<Exit> {
    let texts = texts(args.rules.lang, &args.rules.method.config)?;
    if args.incident.is_dir() {
        return Err(Usage(format!("{} is a folder; name one file", shown(&args.incident))).into());
    }
    if args.incident != Path::new("-") && input::is_register(&args.incident) {
        return Err(Usage(format!("{} is a register, whose entries are entered already; name a file of incidents", shown(&args.incident))).into());
    }
    for a in &args.allow {
        if let Some(found) = lint::text(&a.reason).first() {
            let values = [("path", a.path.as_str()), ("masked", &found.masked), ("kind", found.kind.id())];
            return Err(Usage(one_line(&texts.say("register-allow-personal", &values))).into());
        }
    }
    let mut run = Run {
        args,
        register: register.path(&args.rules.method.config)?,
        desk: args.rules.desk()?,
        now: args.rules.time(),
        texts,
        english: Texts::english(),
        drafts: Vec::new(),
        used: vec![false; args.allow.len()],
        seen: 0,
        exit: Exit::Done,
    };
    let inputs = InputArgs { paths: vec![args.incident.clone()], input_format: args.input_format };
    input::each(&inputs, |item| run.take(&item))?;
    run.write()?;
    if run.seen == 0 {
        emit::say("error: no incident found");
        run.exit = run.exit.max(Exit::Invalid);
    }
    for (a, _) in args.allow.iter().zip(&run.used).filter(|(_, used)| !**used) {
        emit::say(&format!("note: {}", one_line(&run.texts.say("register-allow-unused", &[("path", &a.path)]))));
    }
    Ok(run.exit)
}

/// A run over all incidents of the file.
struct Run<'a> {
    args: &'a AddArgs,
    register: PathBuf,
    desk: Desk,
    now: Time,
    texts: Texts,
    /// What the assessment in an entry speaks.
    english: Texts,
    drafts: Vec<Draft>,
    /// Of each `--allow`, whether it let anything pass.
    used: Vec<bool>,
    seen: usize,
    exit: Exit,
}

impl Run<'_> {
    fn take(&mut self, item: &Item) -> anyhow::Result<()> {
        self.seen += 1;
        if item.bytes.as_ref().is_ok_and(|bytes| line::begins(bytes)) {
            emit::say(&format!("error: {}: an entry of a register, which is entered already", shown(Path::new(&item.name))));
            self.exit = self.exit.max(Exit::Invalid);
            return Ok(());
        }
        let about = if self.args.not_a_breach { About::NoBreach } else { About::Breach };
        match item.read_about(about, &self.desk) {
            Ok(incident) => self.incident(item, &incident)?,
            Err(findings) => {
                self.exit = self.exit.max(input::refusal(&findings));
                item.complain(&findings);
            }
        }
        if self.drafts.len() == TOGETHER { self.write() } else { Ok(()) }
    }

    fn incident(&mut self, item: &Item, incident: &Incident) -> anyhow::Result<()> {
        let picked = self.desk.pick(incident)?;
        let id = text(&incident.file.id).unwrap_or_default();
        let mut found = lint::search(incident, picked.country().map(|c| &c.table));
        // the name of the file stands in the entry, too
        found.extend(lint::text(&item.name).into_iter().map(|f| Found { path: "input".to_owned(), ..f }));
        let Some(allowed) = self.allowed(&found) else {
            // the number may be what must not be seen
            let id = found.iter().find(|f| f.path == "id").map_or(id, |f| &f.masked);
            let said = self.texts.say("register-mend", &[("id", id)]);
            return self.refuse(&said);
        };
        if self.args.not_a_breach && RuleView::new(incident, &Sheet::of(incident), picked.practice()).note == Some(ReadingNote::ReadAsLost) {
            let said = self.texts.say("register-speaks-of-loss", &[("id", id)]);
            return self.refuse(&said);
        }
        match self.draft(item, incident, &picked, allowed) {
            Ok(draft) => self.drafts.push(draft),
            Err(e) => {
                emit::say(&format!("error: {}: {}", shown(Path::new(&item.name)), one_line(&e.to_string())));
                self.exit = self.exit.max(Exit::Invalid);
            }
        }
        Ok(())
    }

    fn refuse(&mut self, said: &str) -> anyhow::Result<()> {
        emit::say(&format!("error: {}", one_line(said)));
        self.exit = self.exit.max(Exit::Found);
        Ok(())
    }

    /// What may stand there all the same; `None` where something may not, which is said.
    fn allowed(&mut self, found: &[Found]) -> Option<Vec<Allowed>> {
        let mut allowed = Vec::new();
        for f in found {
            let meant = self.args.allow.iter().position(|a| a.means(f));
            if let Some(i) = meant {
                self.used[i] = true;
            }
            let place = f.place.to_string();
            let values = [("path", f.path.as_str()), ("place", &place), ("masked", &f.masked), ("kind", f.kind.id())];
            match meant.map(|i| &self.args.allow[i]) {
                // one by one: a text's name alone says which only where there is but one in it
                Some(a) if a.place.is_some() || found.iter().filter(|other| other.path == f.path).count() == 1 => {
                    allowed.push(Allowed::new(f, &a.reason));
                }
                Some(_) => emit::say(&one_line(&self.texts.say("register-allow-several", &values))),
                None => emit::say(&one_line(&self.texts.say("register-personal", &values))),
            }
        }
        (allowed.len() == found.len()).then_some(allowed)
    }

    fn draft(&self, item: &Item, incident: &Incident, picked: &Picked, allowed: Vec<Allowed>) -> Result<Draft, TooLong> {
        let zone = picked.country().map_or(Zone::UTC, |c| c.table.zone());
        let recorded_at = zone.local(self.now);
        if self.args.not_a_breach {
            return Draft::new(incident, None, recorded_at, allowed);
        }
        let assessment = self.desk.with(picked, incident, self.now, |rules| assess(incident, rules, self.now, true));
        let bytes = item.bytes.as_deref().unwrap_or_default();
        let input = json::Input { name: item.name.clone(), sha256: sha256(&[bytes]) };
        Draft::new(incident, Some(&Assessed { assessment: &assessment, input: &input, english: &self.english }), recorded_at, allowed)
    }

    /// Enters what waits, and says so when it is on the disk.
    fn write(&mut self) -> anyhow::Result<()> {
        let drafts = std::mem::take(&mut self.drafts);
        if drafts.is_empty() {
            return Ok(());
        }
        let mut writer = match Writer::open(&self.register) {
            Ok(writer) => writer,
            Err(e) => return self.failed(e),
        };
        if let Some(mended) = &writer.mended {
            say_mended(&self.register, mended, &self.texts);
        }
        let entries = match writer.append(&drafts) {
            Ok(entries) => entries,
            Err(e) => return self.failed(e),
        };
        // whoever waits to write need not wait for whoever reads this
        drop(writer);
        let mut out = Out::open(&OutArgs { output: None, color: Colour::Never })?;
        for (id, hash) in &entries {
            out.write(&(one_line(&self.texts.say("register-added", &[("id", id), ("hash", hash)])) + "\n"))?;
        }
        out.finish(true)
    }

    fn failed(&mut self, error: AppendError) -> anyhow::Result<()> {
        match error {
            AppendError::Machine { what, source } => Err(anyhow::Error::new(source)).with_context(|| format!("{}: {what}", shown(&self.register))),
            AppendError::Fails(how) => {
                let values = how.values();
                let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
                let how_said = self.texts.say(how.id(), &values);
                let said = self.texts.say("register-last-fails", &[("how", &how_said)]);
                emit::say(&format!("error: {}: {}", shown(&self.register), one_line(&said)));
                self.exit = self.exit.max(if how.is_unknown_format() { Exit::Invalid } else { Exit::Found });
                Ok(())
            }
        }
    }
}

fn say_mended(register: &Path, mended: &Mended, texts: &Texts) {
    let said = match mended {
        Mended::Newline => texts.say("register-newline", &[]),
        Mended::SetAside(file, bytes) => texts.say("register-set-aside", &[("bytes", &bytes.to_string()), ("file", &shown(file))]),
    };
    emit::say(&format!("note: {}: {}", shown(register), one_line(&said)));
}
