//! Every reader of the program, as a function of bytes that must not panic, and what must hold of whatever it says.
//!
//! A reader that is added gets its line in [`READERS`], its target in `fuzz_targets/`, and seeds in [`seeds`].

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use breach::check::stored::Stored;
use breach::citation::{Asked, provisions};
use breach::config;
use breach::diag::{Finding, MOST};
use breach::guide::Guide;
use breach::incident::moment::Moment;
use breach::incident::read::{self, Syntax};
use breach::incident::write;
use breach::interview::{Interview, Session};
use breach::language::Language;
use breach::lint;
use breach::method::Method;
use breach::quarters::Quarters;
use breach::register::append::{AppendError, Writer};
use breach::register::chain::verify;
use breach::register::read::Lines;
use breach::register::view::{Filter, View};
use breach::register::years::years;
use breach::score::score;
use breach::tables::diff::differences;
use breach::tables::{Choice, Kind, Loaded, TableError, Tables, lint as table_lint};
use breach::{desk, template, vector};
use serde_json::Value;

/// A reader: its name, how large a part of all executions it gets, and the reader itself.
pub struct Reader {
    /// Its name, which is that of its folder of found cases too.
    pub name: &'static str,
    /// Its part of all executions; slow readers of files that only their author writes get less.
    #[allow(dead_code, reason = "a target has one reader")]
    pub weight: u64,
    /// Reads, and panics where something does not hold.
    pub read: fn(&[u8]),
}

/// All of them.
pub const READERS: &[Reader] = &[
    Reader { name: "incident-toml", weight: 20, read: |bytes| incident(bytes, Syntax::Toml) },
    Reader { name: "incident-json", weight: 20, read: |bytes| incident(bytes, Syntax::Json) },
    Reader { name: "json-lines", weight: 10, read: json_lines },
    Reader { name: "vectors", weight: 20, read: vectors },
    Reader { name: "moments", weight: 10, read: moments },
    Reader { name: "settings", weight: 10, read: settings },
    Reader { name: "topics", weight: 5, read: topics },
    Reader { name: "texts", weight: 2, read: texts },
    Reader { name: "stored", weight: 2, read: stored },
    Reader { name: "methods", weight: 1, read: |bytes| table(bytes, Kind::Method) },
    Reader { name: "practices", weight: 1, read: |bytes| table(bytes, Kind::Practice) },
    Reader { name: "regimes", weight: 1, read: |bytes| table(bytes, Kind::Regime) },
    Reader { name: "countries", weight: 1, read: |bytes| table(bytes, Kind::Country) },
    Reader { name: "forms", weight: 1, read: |bytes| table(bytes, Kind::Form) },
    Reader { name: "register", weight: 4, read: register },
    Reader { name: "drafts", weight: 2, read: drafts },
];

/// Gives bytes to one reader, as the targets for cargo-fuzz do.
#[allow(dead_code, reason = "the runner takes all of them")]
pub fn one(name: &str, bytes: &[u8]) {
    (READERS.iter().find(|r| r.name == name).expect("a reader").read)(bytes);
}

fn method() -> &'static Loaded<Method> {
    static METHOD: OnceLock<Loaded<Method>> = OnceLock::new();
    METHOD.get_or_init(|| Tables::default().method(&Choice::Id(desk::METHOD.to_owned())).expect("it is built in"))
}

/// What must hold of findings: something is said, in order, not without end, about places that the text has.
fn sound(findings: &[Finding], bytes: &[u8], ordered: bool) {
    assert!(!findings.is_empty(), "refused, and nothing says why");
    assert!(findings.len() <= 2 * MOST, "{} findings", findings.len());
    for finding in findings {
        assert!(!finding.message.trim().is_empty(), "{finding:?} says nothing");
        assert!(finding.message.len() < 10_000, "{} bytes of message", finding.message.len());
        if let Some(span) = &finding.span {
            assert!(span.start <= span.end && span.start <= bytes.len().max(3), "{finding:?} is about what is not there");
        }
        if let Some(place) = finding.place {
            let lines = bytes.split(|b| *b == b'\n').count();
            assert!((1..=lines).contains(&place.line) && place.column >= 1, "{finding:?} in {lines} lines");
        }
    }
    let order = findings.iter().map(|f| f.span.as_ref().map_or(0, |s| s.start));
    assert!(!ordered || order.is_sorted(), "not in order of place: {findings:?}");
}

fn incident(bytes: &[u8], syntax: Syntax) {
    let method = &method().table;
    let _ = read::is_incident(bytes, syntax);
    match read::read(bytes, syntax, method) {
        Err(findings) => sound(&findings, bytes, true),
        Ok(incident) => {
            let severity = score(&incident, method);
            assert!(severity.range.min <= severity.range.max && severity.range.min >= Quarters(1) && severity.score() <= Quarters(24));
            assert_eq!(vector::score(&severity.vector, method).ok(), Some((severity.score(), severity.level)));
            // what was read can be written, and read again
            let written = serde_json::to_vec(&incident.as_given()).expect("it is JSON");
            let again = read::read(&written, Syntax::Json, method).unwrap_or_else(|e| panic!("{e:?}: {}", String::from_utf8_lossy(&written)));
            assert_eq!(score(&again, method), severity);
            assert_eq!(again.as_given(), incident.as_given());
            // slow, and of few files
            if bytes.len().is_multiple_of(32) {
                taken_over(bytes, syntax);
            }
        }
    }
}

/// What `new --from` makes of an earlier incident: a file that is TOML, whatever was taken over.
fn taken_over(bytes: &[u8], syntax: Syntax) {
    static GUIDE: OnceLock<Guide> = OnceLock::new();
    let guide = GUIDE.get_or_init(|| Guide::of(Language::ENGLISH));
    let kept = template::kept(&read::answers(bytes, syntax));
    let text = template::template(&method().table, guide, &kept, "incident.schema.json");
    assert!(text.parse::<toml::Table>().is_ok(), "{text}");
}

fn json_lines(bytes: &[u8]) {
    for line in bytes.split(|b| *b == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace)).take(20) {
        incident(line, Syntax::Json);
    }
}

fn vectors(bytes: &[u8]) {
    let method = &method().table;
    for line in String::from_utf8_lossy(bytes).lines().take(20) {
        match vector::score(line, method) {
            Err(finding) => sound(&[finding], line.as_bytes(), true),
            Ok((score, level)) => {
                assert!((Quarters(1)..=Quarters(24)).contains(&score));
                assert_eq!(method.band(score).id, level);
                assert_eq!(line.matches('/').count(), vector::METRICS.len());
                assert!(line.len() < 60, "{line}");
            }
        }
    }
}

fn moments(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(moment) = Moment::read(&text) {
        let shown = serde_json::to_value(moment).expect("it is JSON");
        let again = Moment::read(shown.as_str().expect("a text"));
        assert_eq!(again.ok(), Some(moment), "{text:?} is written {shown}");
    }
}

fn settings(bytes: &[u8]) {
    match config::read("breach.toml", bytes, Path::new("house")) {
        Ok(config) => drop(format!("{config:?}")),
        Err(TableError::Bad { findings, .. }) => sound(&findings, bytes, true),
        Err(other) => panic!("{other}"),
    }
}

fn topics(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let asked = Asked::read(&text);
    for provision in provisions(&text) {
        let _ = asked.as_ref().is_some_and(|asked| asked.holds(&provision));
    }
}

/// The search for personal data in what somebody wrote.
fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for found in lint::text(&text) {
        assert!(!format!("{found:?}").is_empty());
    }
}

fn stored(bytes: &[u8]) {
    match Stored::read(bytes) {
        Ok(stored) => drop(stored.of("2026-014", true).is_some()),
        Err(said) => assert!(!said.is_empty()),
    }
}

fn table(bytes: &[u8], kind: Kind) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Tables::default().load(kind, "own.toml", text, &method().table) {
        Ok(table) => assert_eq!(table.reference().sha256.len(), 64),
        Err(TableError::Bad { findings, .. }) => sound(&findings, bytes, false),
        // builds on what is not there
        Err(TableError::Unknown { .. }) => {}
        Err(other) => panic!("{other}"),
    }
    // what `tables check` and `tables diff` say besides
    let file = |folder| table_lint::File { name: "own.toml".into(), folder, stem: "own".into(), text: Some(text.into()), misplaced: None };
    match bytes.len() % 4 {
        0 => drop(Tables::default().check(&file(Some(kind)), &method().table)),
        1 => drop(Tables::default().check(&file(None), &method().table)),
        2 => {
            if let Ok(resolved) = Tables::default().resolved(kind, text) {
                assert!(differences(&resolved, &resolved).is_empty(), "it differs from itself");
            }
        }
        _ => {}
    }
}

thread_local! {
    /// A file for what can only be read from one, in memory where there is such a place.
    static PLACE: RefCell<tempfile::NamedTempFile> = RefCell::new({
        let memory = Path::new("/dev/shm");
        let made = if memory.is_dir() { tempfile::NamedTempFile::new_in(memory) } else { tempfile::NamedTempFile::new() };
        made.expect("a file")
    });
}

/// Reads a register as `verify`, `list`, `export` and the next `add` do. Whatever it is, a chain that holds is one that all of them can read.
fn register(bytes: &[u8]) {
    PLACE.with_borrow_mut(|place| {
        place.as_file().set_len(0).expect("an empty file");
        // at the beginning again, whatever was done to it
        File::options().write(true).open(place.path()).and_then(|mut file| file.write_all(bytes)).expect("a register");
        let opened = || Lines::open(place.path()).expect("a register");
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-22T10:00:00+01:00").expect("a time");
        let verified = verify(opened(), None).expect("it can be read");
        let filter = Filter { history: true, records: true, text: bytes.len().is_multiple_of(8).then(|| "lost".to_owned()), ..Filter::default() };
        if let Ok(view) = View::read(opened(), &filter, now) {
            for row in &view.rows {
                let _ = (row.entry.state(now), row.entry.deadline(now), row.entry.year());
            }
            let all: u64 = years(view.rows.iter().map(|row| &*row.entry)).iter().map(|year| year.incidents).sum();
            assert!(all <= view.rows.len() as u64);
            assert!(verified.is_err() || view.fault.is_none(), "the chain holds, and the view says {:?}", view.fault);
        }
        if let Ok(verified) = &verified {
            assert!(verified.head.entries <= bytes.split(|b| *b == b'\n').count() as u64);
            assert_eq!(verify(opened(), Some(&verified.head.hash)).expect("it can be read").map(|v| v.head), Ok(verified.head.clone()));
        }
        match Writer::open(place.path()) {
            Ok(mut writer) => {
                let mended = writer.mended.take();
                // whoever reads waits for whoever writes
                drop(writer);
                if let Some(breach::register::append::Mended::SetAside(aside, length)) = &mended {
                    assert_eq!(fs::metadata(aside).map(|m| m.len()).ok(), Some(*length), "what was set aside is all of it");
                    fs::remove_file(aside).expect("it can be removed");
                }
                if let Ok(verified) = &verified {
                    let again = verify(opened(), None).expect("it can be read").expect("it still holds").head;
                    assert!(again.entries == verified.head.entries, "an entry was lost or won: {verified:?}, {again:?}");
                }
            }
            Err(AppendError::Fails(_)) => {
                assert!(verified.is_err(), "the chain holds, and nothing can be added");
                assert_eq!(fs::read(place.path()).ok().as_deref(), Some(bytes), "what fails is left as it is");
            }
            Err(other) => panic!("{other}"),
        }
    });
}

/// An interview that was interrupted, whatever its draft holds: it goes on, and what is written is TOML.
fn drafts(bytes: &[u8]) {
    #[derive(serde::Deserialize)]
    struct Draft {
        answers: Vec<(String, Value)>,
    }
    static GUIDE: OnceLock<Guide> = OnceLock::new();
    let guide = GUIDE.get_or_init(|| Guide::of(Language::ENGLISH));
    let Ok(draft) = serde_json::from_slice::<Draft>(bytes) else { return };
    let mut session = Session::new(Interview::built_in(), &method().table, guide, Box::new(|_| None), write::Answers::new());
    session.resume(draft.answers);
    for outcome in [None, Some("notify-authority")] {
        let text = write::file(&session.answers());
        assert!(text.parse::<toml::Table>().is_ok(), "{text}");
        if let Err(findings) = read::read(text.as_bytes(), Syntax::Toml, &method().table) {
            sound(&findings, text.as_bytes(), true);
        }
        let _ = session.next(outcome);
        session.back();
    }
}

/// What mutations of a reader's input begin with.
#[allow(dead_code, reason = "targets have corpora of their own")]
pub fn seeds(reader: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = if root.ends_with("tests/fuzz") { root.join("../..") } else { root.to_owned() };
    let files = |folders: &[&str], ending: &str| -> Vec<Vec<u8>> {
        let mut paths: Vec<PathBuf> = Vec::new();
        for folder in folders {
            let entries = fs::read_dir(root.join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
            paths.extend(entries.map(|e| e.expect("an entry").path()).filter(|p| p.is_file() && p.to_string_lossy().ends_with(ending)));
        }
        paths.sort();
        let all: Vec<Vec<u8>> = paths.iter().map(|p| fs::read(p).expect("a file")).collect();
        // of long ones every mutation takes long
        all.into_iter().filter(|bytes| bytes.len() < 12_000).collect()
    };
    let lines = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let mut seeds: Vec<Vec<u8>> = match reader {
        "incident-toml" => files(&["examples", "tests/bad", "tests/bad/good", "tests/cases"], ".toml"),
        "incident-json" | "json-lines" => files(&["tests/bad", "tests/bad/good"], ".json"),
        "vectors" => lines(&[
            "ENISA:2013/DPC:3/EI:0.75/C:0.5/I:0/A:0/M:0.5",
            "ENISA:2013/DPC:1/EI:0.25/C:0/I:0/A:0/M:0",
            "ENISA:2013/DPC:4/EI:1/C:0.5/I:0.5/A:0.5/M:0.5",
            "ENISA:2013/DPC:2/EI:0.5/C:0.25/I:0.25/A:0.25/M:0\r\nENISA:2013/DPC:3/EI:1/C:0.25/I:0/A:0/M:0",
        ]),
        "moments" => lines(&[
            "2026-11-20T16:40:00+01:00",
            "2026-11-20 16:40:00.123456789Z",
            "2026-11-20t16:40-00:00",
            "2024-02-29",
            "unknown",
            "ongoing",
            "2199-12-31T23:59:60-23:59",
            "1990-01-01T00:00:00+14:00",
        ]),
        "settings" => {
            let readme = fs::read_to_string(root.join("README.md")).unwrap_or_default();
            let shown = readme.split("```toml").skip(1).filter_map(|rest| rest.split("```").next()).map(|text| text.as_bytes().to_vec());
            shown.chain(lines(&["lang = \"pl\"\nregime = [\"gdpr\"]\nsector = \"health\"\ncountry = \"HU\"\n"])).collect()
        }
        "topics" => lines(&[
            "art. 33(3)(b)",
            "GDPR arts 33(5), 5(2)",
            "Regulation (EU) 611/2013 art. 2(2)",
            "art. 34(3)(a)-(c)",
            "section 67(1) DPA 2018",
            "UK GDPR",
        ]),
        "texts" => lines(&[
            "Jan Kowalski, PESEL 44051401359, jan.kowalski@example.pl, +48 601 234 567",
            "IBAN PL61 1090 1014 0000 0712 1981 2874; card 4111 1111 1111 1111",
            "A sheet with names was sent to the wrong client; nobody else saw it.",
        ]),
        "stored" => {
            let mut all = files(&["tests/fuzz/seeds/stored"], "");
            all.push(b"{}\n{}\n[]".to_vec());
            all
        }
        "methods" => files(&["data/methods", "tests/bad-tables", "tests/bad-tables/good"], ".toml"),
        "practices" => files(&["data/practices", "examples/own-tables/practices", "tests/bad-tables"], ".toml"),
        "regimes" => files(&["data/regimes", "examples/own-tables/regimes", "tests/bad-tables"], ".toml"),
        "countries" => files(&["data/countries", "tests/bad-tables"], ".toml"),
        "forms" => files(&["data/forms"], ".toml"),
        "register" => files(&["tests/fuzz/seeds/register"], ".jsonl"),
        "drafts" => lines(&[
            "{\"format\":\"breach-draft/1\",\"answers\":[[\"title\",\"A letter\"],[\"controller.country\",\"PL\"],[\"timeline.aware\",\"2026-11-20 16:40\"],\
             [\"event.kind\",[\"sent-to-wrong-recipient\"]],[\"event.cause\",\"internal-accidental\"],[\"subjects.count\",240],[\"subjects.children\",false]]}",
            "{\"format\":\"breach-draft/1\",\"answers\":[[\"types\",[\"email\",\"income\",\"health\"]],[\"data.financial.level\",4],\
             [\"data.financial.because\",[\"volume\"]],[\"identification.level\",\"maximum\"],[\"confidentiality.loss\",\"known-recipients\"],\
             [\"confidentiality.recipient\",\"ordinary\"],[\"intent.malicious\",\"unknown\"]]}",
        ]),
        other => panic!("{other} is no reader"),
    };
    seeds.push(Vec::new());
    seeds
}
