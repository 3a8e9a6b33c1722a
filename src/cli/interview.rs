//! The interview on a terminal: shows what is asked, takes the reply, keeps every answer in a draft until the file is written.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use breach::guide::Guide;
use breach::interview::{Ask, Choice, Form, Session};
use breach::render::text::inert;
use inquire::list_option::ListOption;
use inquire::ui::RenderConfig;
use inquire::validator::Validation;
use inquire::{InquireError, MultiSelect, Select, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::emit::{Out, say, shown};
use super::{Colour, OutArgs};

/// How a prompt ended.
enum Reply {
    Answer(Value),
    /// A step back.
    Back,
    /// Ctrl-C, or the terminal is gone.
    Interrupted,
}

/// How an interview ended.
#[derive(PartialEq, Eq)]
pub enum Ended {
    /// Everything is answered.
    Done,
    /// The person went away; what was answered is kept.
    Interrupted,
}

/// The name and version of a draft's form.
const FORMAT: &str = "breach-draft/1";

/// The lines of a menu.
const PAGE: usize = 12;

/// The width of explanations above a question.
const WIDTH: usize = 90;

/// A meaning longer than this stands above the question, not in the menu.
const SHORT: usize = 76;

/// What an interrupted interview leaves beside its file.
#[derive(Serialize, Deserialize)]
struct Draft {
    format: String,
    answers: Vec<(String, Value)>,
}

/// The interview's side of the terminal.
pub struct Prompts<'a> {
    guide: &'a Guide,
    draft: PathBuf,
    look: RenderConfig<'static>,
}

impl<'a> Prompts<'a> {
    /// Prompts for the interview about a file.
    pub fn new(guide: &'a Guide, file: &Path, colour: Colour) -> Prompts<'a> {
        let mut draft = file.as_os_str().to_owned();
        draft.push(".draft");
        let look = if colour == Colour::Never { RenderConfig::empty() } else { RenderConfig::default() };
        Prompts { guide, draft: draft.into(), look }
    }

    /// Takes up an interrupted interview, where there is one and the person wants to.
    pub fn resume(&self, session: &mut Session<'_>) -> anyhow::Result<Ended> {
        let Ok(bytes) = fs::read(&self.draft) else { return Ok(Ended::Done) };
        let Some(draft) = serde_json::from_slice::<Draft>(&bytes).ok().filter(|d| d.format == FORMAT && !d.answers.is_empty()) else {
            return Ok(Ended::Done);
        };
        let values = [("file", shown(&self.draft)), ("n", draft.answers.len().to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let options = vec![self.guide.say("ask-resume-go", &[]), self.guide.say("ask-resume-anew", &[])];
        let question = self.guide.say("ask-resume", &values);
        let menu = Select::new(&question, options).with_render_config(self.look).without_help_message();
        match menu.raw_prompt() {
            Ok(picked) if picked.index == 0 => session.resume(draft.answers),
            Ok(_) => {}
            Err(e) => return self.over(e),
        }
        Ok(Ended::Done)
    }

    /// Asks until nothing is left to ask; `outcome` is that of the assessment, once there is one.
    pub fn ask_all(&self, session: &mut Session<'_>, outcome: Option<&str>) -> anyhow::Result<Ended> {
        while let Some(ask) = session.next(outcome) {
            match self.ask(session, &ask)? {
                Reply::Answer(value) => session.answer(&ask, value),
                // before the first question there is nothing to go back to
                Reply::Back => _ = session.back(),
                Reply::Interrupted => {
                    if !session.answered().is_empty() {
                        say(&self.guide.say("ask-kept", &[("file", &shown(&self.draft))]));
                    }
                    return Ok(Ended::Interrupted);
                }
            }
            self.keep(session)?;
        }
        Ok(Ended::Done)
    }

    /// Asks for the name of the file.
    pub fn file(&self, usual: &str) -> anyhow::Result<Option<PathBuf>> {
        let question = self.guide.say("ask-file", &[]);
        match Text::new(&question).with_default(usual).with_render_config(self.look).prompt() {
            Ok(name) => Ok(Some(name.trim().into())),
            Err(e) => self.over(e).map(|_| None),
        }
    }

    /// The file is written: what was kept is no longer needed.
    pub fn done(&self) {
        // there may be none, where nothing was asked
        let _ = fs::remove_file(&self.draft);
    }

    fn over(&self, error: InquireError) -> anyhow::Result<Ended> {
        match self.reply(Err(error))? {
            Reply::Interrupted | Reply::Back => Ok(Ended::Interrupted),
            Reply::Answer(_) => Ok(Ended::Done),
        }
    }

    fn reply(&self, said: Result<Option<Value>, InquireError>) -> anyhow::Result<Reply> {
        match said {
            Ok(Some(value)) => Ok(Reply::Answer(value)),
            Ok(None) | Err(InquireError::OperationCanceled) => Ok(Reply::Back),
            Err(InquireError::OperationInterrupted) => Ok(Reply::Interrupted),
            Err(e) => Err(e).context("cannot ask on this terminal"),
        }
    }

    /// Keeps the answers, whole, after every one of them.
    fn keep(&self, session: &Session<'_>) -> anyhow::Result<()> {
        if session.answered().is_empty() {
            self.done();
            return Ok(());
        }
        let draft = Draft { format: FORMAT.into(), answers: session.answered().to_vec() };
        let place = OutArgs { output: Some(self.draft.clone()), color: Colour::Never };
        let mut out = Out::open(&place)?;
        out.write(format!("{}\n", json!(draft)))?;
        out.finish(true)
    }

    fn ask(&self, session: &Session<'_>, ask: &Ask) -> anyhow::Result<Reply> {
        let n = (session.answered().len() + 1).to_string();
        say(&format!("\n{}", self.guide.say("ask-number", &[("n", &n)])));
        let question = inert(&ask.text);
        match &ask.form {
            Form::One(choices, first) => {
                let lines = self.lines(choices);
                let help = self.help(ask, "ask-help-one");
                let menu = Select::new(&question, lines).with_starting_cursor(*first).with_help_message(&help).with_page_size(PAGE);
                let picked = menu.with_scorer(&in_order).with_render_config(self.look).raw_prompt_skippable();
                self.reply(picked.map(|p| p.map(|p| choices[p.index].value.clone())))
            }
            Form::Several(choices) => {
                let lines = self.lines(choices);
                let help = self.help(ask, "ask-help-several");
                let needs = ask.required.then(|| self.guide.say("ask-needs-one", &[]));
                let enough = move |picked: &[ListOption<&Line>]| {
                    Ok(match &needs {
                        Some(needs) if picked.is_empty() => Validation::Invalid(needs.as_str().into()),
                        _ => Validation::Valid,
                    })
                };
                let short = |picked: &[ListOption<&Line>]| picked.iter().map(|p| p.value.name()).collect::<Vec<_>>().join(", ");
                let menu = MultiSelect::new(&question, lines).with_help_message(&help).with_page_size(PAGE).with_keep_filter(false);
                let menu = menu.with_scorer(&in_order).with_formatter(&short).with_validator(enough).with_render_config(self.look);
                let picked = menu.raw_prompt_skippable();
                self.reply(picked.map(|p| p.map(|all| all.into_iter().map(|p| choices[p.index].value.clone()).collect())))
            }
            Form::Text(kind) => {
                use breach::incident::format::Kind;
                let key = match kind {
                    _ if ask.required => "ask-help-needed",
                    Kind::Texts => "ask-help-texts",
                    Kind::Instant | Kind::Day | Kind::Past | Kind::End => "ask-help-time",
                    _ => "ask-help-text",
                };
                let help = self.help(ask, key);
                let mut typed = String::new();
                loop {
                    let read = |text: &str| match session.read(ask, text) {
                        // a time shows how it was understood
                        Ok(Value::String(understood)) if understood != text => inert(&understood),
                        _ => text.to_owned(),
                    };
                    let prompt = Text::new(&question).with_help_message(&help).with_initial_value(&typed).with_formatter(&read);
                    let said = prompt.with_render_config(self.look).prompt_skippable();
                    match said {
                        Ok(Some(text)) => match session.read(ask, &text) {
                            Ok(value) => return Ok(Reply::Answer(value)),
                            Err(wrong) => {
                                say(&wrong);
                                typed = text;
                            }
                        },
                        other => return self.reply(other.map(|_| None)),
                    }
                }
            }
        }
    }

    fn help(&self, ask: &Ask, key: &str) -> String {
        let keys = self.guide.say(key, &[]);
        ask.help.as_ref().map_or_else(|| keys.clone(), |help| format!("{}. {keys}", inert(help)))
    }

    /// The lines of a menu; what is too long for them, and examples, stand above.
    fn lines(&self, choices: &[Choice]) -> Vec<Line> {
        let long = choices.iter().any(|c| !c.examples.is_empty() || c.meaning.as_ref().is_some_and(|m| m.chars().count() > SHORT));
        let width = choices.iter().filter(|c| c.meaning.is_some()).map(|c| c.label.chars().count()).max().unwrap_or(0);
        if long {
            for choice in choices {
                let Some(meaning) = &choice.meaning else { continue };
                let examples = match choice.examples.as_slice() {
                    [] => String::new(),
                    some => format!(" ({})", self.guide.say("examples", &[("examples", &some.join("; "))])),
                };
                let text = inert(&format!("{}: {meaning}{examples}", choice.label)).replace('\n', " ");
                let options = textwrap::Options::new(WIDTH).initial_indent("  ").subsequent_indent("      ");
                textwrap::wrap(&text, options).iter().for_each(|line| say(line));
            }
        }
        let line = |c: &Choice| match &c.meaning {
            Some(meaning) if !long => Line(inert(&format!("{:width$}  {meaning}", c.label))),
            _ => Line(inert(&c.label)),
        };
        choices.iter().map(line).collect()
    }
}

/// What is typed picks out lines and leaves them in their order.
fn in_order(typed: &str, _: &Line, line: &str, at: usize) -> Option<i64> {
    line.to_lowercase().contains(&typed.to_lowercase()).then_some(-(at as i64))
}

/// A line of a menu.
#[derive(Clone)]
struct Line(String);

impl Line {
    /// The word or name at its beginning.
    fn name(&self) -> &str {
        self.0.split("  ").next().unwrap_or_default()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
