//! `breach register verify`: is the register as it was written?

use anyhow::Context;
use breach::register::chain::{Verified, verify};
use breach::register::read::Tail;
use breach::render::register::fault;
use breach::texts::Texts;
use clap::Args;

use super::super::emit::{self, Out, shown};
use super::super::{Exit, OutArgs};
use super::{HouseArgs, Register, failure, one_line, open};

/// Options of `register verify`.
#[derive(Args)]
pub struct VerifyArgs {
    /// A head that was noted before: some entry must have this hash, or entries were cut off at the end
    #[arg(long, value_name = "HASH", value_parser = hash)]
    expect: Option<String>,
    #[command(flatten)]
    house: HouseArgs,
    #[command(flatten)]
    out: OutArgs,
}

fn hash(said: &str) -> Result<String, String> {
    let hash = said.trim().to_ascii_lowercase();
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hash { Ok(hash) } else { Err("a head has 64 hexadecimal digits, as `register add` and `register verify` print it".into()) }
}

/// Runs the command.
pub(super) fn run(args: &VerifyArgs, register: Register<'_>) -> anyhow::Result<Exit> {
    let texts = args.house.texts()?;
    let path = register.path(&args.house.config)?;
    let mut out = Out::open(&args.out)?;
    let verified = verify(open(&path)?, args.expect.as_deref()).with_context(|| format!("cannot read {}", shown(&path)))?;
    let exit = match verified {
        Ok(verified) => {
            say(&verified, &path.display().to_string(), &texts);
            out.write(&(texts.say("register-head", &[("hash", &verified.head.hash)]) + "\n"))?;
            Exit::Done
        }
        Err(broken) => {
            out.write(format!("{}: {}\n", shown(&path), one_line(&fault(&broken, &texts))))?;
            failure(&broken)
        }
    };
    out.finish(true)?;
    Ok(exit)
}

/// What is no tampering and worth knowing.
fn say(verified: &Verified, path: &str, texts: &Texts) {
    let note = |said: String| emit::say(&format!("note: {}: {}", one_line(path), one_line(&said)));
    match verified.tail {
        Some((Tail::Whole, _)) => note(texts.say("register-whole", &[])),
        Some((_, bytes)) => note(texts.say("register-torn", &[("bytes", &bytes.to_string())])),
        None => {}
    }
    if let Some(at) = verified.expected.filter(|at| *at < verified.head.entries) {
        note(texts.say("register-expected", &[("at", &at.to_string()), ("more", &(verified.head.entries - at).to_string())]));
    }
}
