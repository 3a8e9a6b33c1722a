//! `breach draft`: the notification to the authority, the communication to people.

use std::path::PathBuf;

use breach::assess::{assess, verdict};
use breach::desk::Desk;
use breach::diag::{Code, Finding};
use breach::form::Document;
use breach::incident::Incident;
use breach::incident::words::{NoticeKind, Role};
use breach::language::Language;
use breach::note::NoteCode;
use breach::regime::Action;
use breach::render::draft::{Blank, Draft, Ground, draft};
use breach::render::json;
use breach::render::text::inert;
use breach::tables::{Choice, Kind, sha256};
use breach::texts::Texts;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use strum::VariantNames;

use super::emit::{self, Out, Usage};
use super::generate::TableName;
use super::input::{self, Form, Item};
use super::{Exit, InputArgs, OutArgs, RuleArgs};

pub const EXAMPLES: &str = "\
Examples:
  breach draft authority incident.toml                          the notification, in the country's language
  breach draft authority --lang en --format html -o n.html incident.toml
  breach draft subjects incident.toml                           the letter to the people concerned
  breach draft subjects --children incident.toml                for children and their parents
  breach draft subjects --public incident.toml                  the public communication instead";

/// The form where neither the user nor the country names one.
const FORM: &str = "edpb-template";
/// The letters.
const LETTER: &str = "letter";
const LETTER_CHILDREN: &str = "letter-children";
const LETTER_PUBLIC: &str = "letter-public";

/// Options of `draft`.
#[derive(Args)]
pub struct DraftArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The notification to the supervisory authority (GDPR art. 33(3))
    Authority(AuthorityArgs),
    /// The communication to the people concerned (GDPR art. 34(2)); refused while it lacks what people must be told
    Subjects(SubjectsArgs),
}

/// Options of `draft authority`.
#[derive(Args)]
pub struct AuthorityArgs {
    /// What kind of notification it is [default: by what was sent and what is still to come]
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    kind: Option<NoticeKind>,
    #[command(flatten)]
    common: CommonArgs,
}

/// Options of `draft subjects`.
#[derive(Args)]
pub struct SubjectsArgs {
    /// The public communication in the place of letters (GDPR art. 34(3)(c))
    #[arg(long, conflicts_with = "children")]
    public: bool,
    /// For children, and for those who hold parental responsibility
    #[arg(long)]
    children: bool,
    #[command(flatten)]
    common: CommonArgs,
}

/// Options of both.
#[derive(Args)]
struct CommonArgs {
    /// The incident file, or `-`
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The form of standard input
    #[arg(long, value_enum, default_value_t = Form::Toml, value_name = "FORM")]
    input_format: Form,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// What the draft is laid out by: an id, or a file of your own [default: the country's]
    #[arg(long, value_name = "ID|FILE", value_parser = TableName(Kind::Form), hide_possible_values = true)]
    form: Option<Choice>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// GitHub-flavoured
    Markdown,
    /// One page for screen and paper
    Html,
    /// For programs
    Json,
}

fn kinds() -> impl TypedValueParser<Value = NoticeKind> {
    PossibleValuesParser::new(NoticeKind::VARIANTS).map(|kind| kind.parse().unwrap_or(NoticeKind::Initial))
}

/// Notes on who else is to be told, or by whom.
const TO_WHOM: [NoteCode; 5] =
    [NoteCode::EveryAuthority, NoteCode::CrossBorder, NoteCode::JointController, NoteCode::AuthorityUnsure, NoteCode::OtherCountries];

/// What is to be drafted.
struct Order<'a> {
    common: &'a CommonArgs,
    /// The form where the user names none; none: the country's.
    form: Option<&'static str>,
    documents: &'static [Document],
    kind: Option<NoticeKind>,
}

/// Runs the command.
pub fn run(args: &DraftArgs) -> anyhow::Result<Exit> {
    let order = match &args.what {
        What::Authority(a) => Order { common: &a.common, form: None, documents: &[Document::Authority], kind: a.kind },
        What::Subjects(s) => {
            let (form, documents): (_, &[Document]) = match (s.public, s.children) {
                (true, _) => (LETTER_PUBLIC, &[Document::Public]),
                (_, true) => (LETTER_CHILDREN, &[Document::Children]),
                _ => (LETTER, &[Document::Subjects]),
            };
            Order { common: &s.common, form: Some(form), documents, kind: None }
        }
    };
    let desk = order.common.rules.desk()?;
    let mut out = Out::open(&order.common.out)?;
    let inputs = InputArgs { paths: order.common.file.iter().cloned().collect(), input_format: order.common.input_format };
    let (mut items, mut exit) = (Vec::new(), Exit::Done);
    input::each(&inputs, |item| {
        items.push(item);
        Ok(())
    })?;
    let item = match items.as_slice() {
        [one] => one,
        [] => return Err(Usage("no incident found".into()).into()),
        many => return Err(Usage(format!("{} incidents found; a draft is made of one: name its file", many.len())).into()),
    };
    let written = match item.read(&desk) {
        Ok(incident) => write(&order, &desk, item, &incident, &mut exit)?,
        Err(findings) => {
            exit = input::refusal(&findings);
            item.complain(&findings);
            (order.common.format == Format::Json).then(|| json::write_error(&item.name, &findings, true) + "\n")
        }
    };
    if let Some(written) = &written {
        out.write(written)?;
    }
    out.finish(exit == Exit::Done)?;
    Ok(exit)
}

/// Drafts, and says on standard error what a reader should know; `None` where there is nothing to print.
fn write(order: &Order<'_>, desk: &Desk, item: &Item, incident: &Incident, exit: &mut Exit) -> anyhow::Result<Option<String>> {
    let CommonArgs { rules: args, format, form, .. } = order.common;
    let now = args.time();
    let picked = desk.pick(incident)?;
    let country = picked.country().map(|c| &c.table);
    // JSON speaks English, unless another language was asked for
    let of_country = || country.and_then(|c| c.languages.iter().find_map(|id| id.parse::<Language>().ok()));
    let language = match format {
        Format::Json => args.lang,
        Format::Markdown | Format::Html => args.language(desk).or_else(of_country),
    };
    let texts = Texts::of(language.unwrap_or(Language::ENGLISH));
    let of_country = country.and_then(|c| c.form.as_deref());
    let usual = Choice::Id(order.form.or(of_country).unwrap_or(FORM).to_owned());
    let form = desk.tables().form(form.as_ref().unwrap_or(&usual))?;
    if !order.documents.contains(&form.table.document) {
        let document: &str = form.table.document.into();
        return Err(Usage(format!("the form {} is for another document: {document}", form.reference.id)).into());
    }
    let letter = desk.tables().form(&Choice::Id(LETTER.into()))?;
    let bytes = item.bytes.as_deref().unwrap_or_default();
    let input = json::Input { name: item.name.clone(), sha256: sha256(&[bytes]) };
    Ok(desk.with(&picked, incident, now, |rules| {
        let assessment = assess(incident, rules, now, false);
        let regimes: Vec<_> = verdict(incident, rules).regimes.apply.iter().map(|r| &r.table).collect();
        let ground = Ground { assessment: &assessment, incident, method: desk.method(), texts: &texts, regimes: &regimes, letter: &letter.table };
        let draft = draft(&ground, &form.table, order.kind);
        remark(&draft, &ground);
        if draft.is_refused() {
            *exit = Exit::Found;
            return refuse(&draft, &ground, *format, &input);
        }
        Some(match format {
            Format::Markdown => draft.markdown(&ground),
            Format::Html => draft.html(&ground),
            Format::Json => draft.json(&ground, &form, &input),
        })
    }))
}

/// A communication without what people must be told is not written; authorities have sent such letters back.
fn refuse(draft: &Draft, ground: &Ground<'_>, format: Format, input: &json::Input) -> Option<String> {
    emit::say(&format!("error: {}", ground.texts.say("draft-refused", &[])));
    for blank in &draft.missing {
        emit::say(&format!("- {}", missing(blank, ground.texts)));
    }
    let english = Texts::english();
    let findings = draft.missing.iter().map(|blank| Finding::new(Code::Missing, missing(blank, &english)).at(&blank.path));
    (format == Format::Json).then(|| json::write_error(&input.name, &findings.collect::<Vec<_>>(), true) + "\n")
}

/// What is missing, in a sentence.
fn missing(blank: &Blank, texts: &Texts) -> String {
    inert(&texts.say("draft-missing", &[("answer", &texts.field(&blank.path)), ("path", &blank.path), ("provision", texts.table(&blank.provision))]))
}

/// What a reader should know before the draft goes out.
fn remark(draft: &Draft, ground: &Ground<'_>) {
    let note = |text: &str| emit::say(&format!("note: {}", inert(text)));
    let say = |key: &str| note(&ground.texts.say(key, &[]));
    let required = |action| ground.assessment.duties.iter().any(|d| d.action == action && d.required);
    let incident = ground.incident;
    match draft.document {
        _ if incident.role() == Role::Processor => say("draft-by-processor"),
        Document::Authority if !required(Action::NotifyAuthority) => say("draft-not-required-authority"),
        Document::Public if !required(Action::PublicCommunication) => say("draft-not-public"),
        Document::Subjects | Document::Children if required(Action::PublicCommunication) => say("draft-public-instead"),
        Document::Subjects | Document::Children if !required(Action::NotifyDataSubjects) => say("draft-not-required-subjects"),
        _ => {}
    }
    if draft.kind == Some(NoticeKind::Complete) && !draft.open().is_empty() {
        note(&ground.texts.say("draft-not-complete", &[("open", &draft.open().join("; "))]));
    }
    if draft.document == Document::Subjects && incident.file.subjects.children.is(true) {
        say("draft-children-too");
    }
    if !draft.is_refused() {
        for blank in &draft.missing {
            emit::say(&format!("note: {}", missing(blank, ground.texts)));
        }
    }
    let told = |code: NoteCode| match draft.document {
        Document::Authority => TO_WHOM.contains(&code) || code == NoteCode::PersonalData,
        Document::Subjects | Document::Children | Document::Public => code == NoteCode::PersonalData,
    };
    ground.assessment.notes.iter().filter(|n| told(n.code)).for_each(|n| note(&ground.texts.note(n).to_string()));
}
