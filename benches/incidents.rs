//! Incidents for measuring: made up, of the shapes that offices write, the same for the same number.
//!
//! `bench-incidents COUNT` writes JSON Lines to standard output; `bench-incidents COUNT DIR` a TOML file each into a folder.

use std::io::{self, BufWriter, Write};

use serde_json::{Map, Value, json};

/// Numbers that look random and are the same everywhere (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }

    /// True so many times in a hundred.
    fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len() as u64) as usize]
    }

    /// Some of a list, in its order, at least one.
    fn some<'a>(&mut self, all: &[&'a str], most: u64) -> Vec<&'a str> {
        let wanted = 1 + self.below(most) as usize;
        let start = self.below(all.len() as u64) as usize;
        (0..wanted.min(all.len())).map(|i| all[(start + i * 3 + i / 3) % all.len()]).fold(Vec::new(), |mut some, word| {
            if !some.contains(&word) {
                some.push(word);
            }
            some
        })
    }

    /// A flag as files answer one: mostly known, sometimes unknown, often left out.
    fn flag(&mut self, table: &mut Map<String, Value>, key: &str, given: u64, yes: u64) {
        if self.happens(given) {
            let answer = if self.happens(8) { json!("unknown") } else { json!(self.happens(yes)) };
            table.insert(key.to_owned(), answer);
        }
    }
}

const STORIES: [(&str, &str, &str); 8] = [
    (
        "Letter to the wrong client",
        "sent-to-wrong-recipient",
        "A clerk put the statement of one client into the envelope of another, who called us the next morning and read out what it said",
    ),
    (
        "Laptop stolen from a car",
        "device-lost-or-stolen",
        "The laptop of a field worker was taken from a locked car; it was switched off, and the disk was encrypted by the standard image",
    ),
    (
        "Mailbox taken over",
        "phishing",
        "An employee entered the password on a page that looked like ours; somebody read mail from abroad for two days and set a forwarding rule",
    ),
    (
        "Files encrypted by an attacker",
        "malware",
        "The file server was encrypted overnight; backups of the day before were restored, and the logs of the firewall show no large transfer",
    ),
    (
        "List in open copy",
        "sent-to-wrong-recipient",
        "An invitation went to all members with every address in the open copy field instead of the hidden one",
    ),
    (
        "Export left on a public share",
        "unintended-publication",
        "A quarterly export was found on a share that search engines could reach; the logs hold requests from outside during three weeks",
    ),
    (
        "Archive box not found",
        "paper-lost-or-stolen",
        "A box with closed case files did not arrive at the new archive and could not be found in either building",
    ),
    (
        "Colleague looked up an acquaintance",
        "unauthorised-access",
        "The audit of the hospital system shows that a nurse opened the record of a person whom she does not treat",
    ),
];
const HOUSES: [(&str, &str); 6] = [
    ("Example Sp. z o.o.", "PL"),
    ("Beispiel GmbH", "DE"),
    ("Példa Kft.", "HU"),
    ("Exemple SA", "FR"),
    ("Voorbeeld B.V.", "NL"),
    ("Esimerkki Oy", "FI"),
];
const SIMPLE: [&str; 12] = [
    "full-name",
    "postal-address",
    "email",
    "phone",
    "date-of-birth",
    "national-id",
    "tax-number",
    "username",
    "customer-number",
    "employment",
    "photo",
    "identity-document",
];
const BEHAVIOURAL: [&str; 5] = ["location", "purchases", "browsing", "communications", "preferences"];
const FINANCIAL: [&str; 6] = ["bank-account", "income", "transactions", "debts", "insurance", "contract"];
const SENSITIVE: [&str; 5] = ["health", "religion", "trade-union", "criminal-record", "professional-secret"];

fn time(dice: &mut Dice, day: u64, hour: u64) -> String {
    format!("2026-{:02}-{:02}T{:02}:{:02}:00+01:00", 1 + day / 28 % 3, 1 + day % 28, hour % 24, dice.below(60))
}

/// The incident of that number.
pub fn incident(number: u64) -> Value {
    let dice = &mut Dice(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let (title, kind, story) = STORIES[dice.below(8) as usize];
    let (house, country) = HOUSES[dice.below(6) as usize];
    let attack = matches!(kind, "phishing" | "malware" | "unauthorised-access");
    let count = if dice.happens(10) { json!("unknown") } else { json!(1 + dice.below(10) * dice.below(10) * dice.below(100)) };
    let day = dice.below(80);
    let table = |value: Value| match value {
        Value::Object(table) => table,
        _ => Map::new(),
    };

    let mut data = Map::new();
    let items = dice.some(&SIMPLE, 6);
    data.insert("simple".into(), json!({"items": items}));
    for (category, list, percent) in [("behavioural", &BEHAVIOURAL[..], 15), ("financial", &FINANCIAL[..], 30), ("sensitive", &SENSITIVE[..], 25)] {
        if dice.happens(percent) {
            let mut entry = table(json!({"items": dice.some(list, 3)}));
            if dice.happens(10) {
                entry.insert("affected".into(), json!("unknown"));
            } else if dice.happens(15) {
                entry.insert("level".into(), json!("unknown"));
            } else if category == "behavioural" && dice.happens(30) {
                entry.insert("level".into(), json!(3));
                entry.insert("because".into(), json!(["volume"]));
                entry.insert("why".into(), json!("several months of it, day by day"));
            }
            data.insert(category.into(), Value::Object(entry));
        }
    }

    let loss = dice.of(&["known-recipients", "known-recipients", "unknown-recipients", "no-evidence", "unknown", "none"]);
    let mut confidentiality = table(json!({"loss": loss}));
    if loss == "known-recipients" {
        confidentiality.insert("recipient".into(), json!(dice.of(&["internal", "partner", "ordinary", "ordinary", "adverse", "unknown"])));
        if dice.happens(30) {
            confidentiality.insert("trust".into(), json!(dice.some(&["contract", "cooperation", "employment", "procedures-known"], 2)));
        }
        dice.flag(&mut confidentiality, "opened", 70, 60);
        dice.flag(&mut confidentiality, "deletion_confirmed", 60, 50);
    }
    if attack && dice.happens(70) {
        confidentiality.insert("exfiltration".into(), json!(dice.of(&["excluded", "not-excluded", "taken", "unknown"])));
    }
    dice.flag(&mut confidentiality, "further_use", 30, 10);

    let mut availability =
        table(json!({"loss": if kind == "malware" || loss == "none" { dice.of(&["temporary", "recoverable", "permanent"]) } else { "none" }}));
    if availability["loss"] == "temporary" {
        availability.insert("hours".into(), json!(dice.below(80)));
        dice.flag(&mut availability, "backup", 80, 80);
        dice.flag(&mut availability, "effect", 60, 30);
    }
    let integrity = if dice.happens(10) { dice.of(&["recoverable", "unused", "unrecoverable"]) } else { "none" };

    let mut subjects = table(
        json!({"count": count, "count_is": "approximate", "groups": dice.some(&["customers", "employees", "patients", "users", "members"], 2)}),
    );
    dice.flag(&mut subjects, "children", 40, 10);
    dice.flag(&mut subjects, "vulnerable", 40, 15);
    dice.flag(&mut subjects, "endangered", 20, 5);

    let mut intent = Map::new();
    if dice.happens(90) {
        intent.insert("malicious".into(), if dice.happens(5) { json!("unknown") } else { json!(attack) });
    }
    let mut protection = Map::new();
    dice.flag(&mut protection, "unintelligible", 40, 30);
    dice.flag(&mut protection, "key_safe", 30, 70);

    let mut timeline = Map::new();
    timeline.insert("occurred".into(), json!(time(dice, day, 8)));
    timeline.insert("detected".into(), json!(time(dice, day + 1, 9)));
    if dice.happens(85) {
        timeline.insert("aware".into(), json!(time(dice, day + 1, 12)));
    }
    if dice.happens(40) {
        timeline.insert("authority_notified".into(), json!(time(dice, day + 2 + dice.0 % 4, 15)));
    }
    let mut notification = Map::new();
    if dice.happens(50) {
        let contact = json!({"name": "Anna Example", "role": "data protection officer", "email": "dpo@example.com", "phone": "+48 22 000 00 00"});
        notification.insert("contact".into(), contact);
        notification
            .insert("consequences".into(), json!(["somebody may use the data to open an account in another's name", "unwanted calls and letters"]));
    }
    if dice.happens(60) {
        notification.insert(
            "measures_taken".into(),
            json!(["the recipient was called and asked to destroy what came", "the template was changed so that addresses are checked twice"]),
        );
    }
    let description = format!(
        "{story}. It was found on day {} by the team that is on duty, and {} people of the office worked on it. What is written here is what was known when the \
         case was opened; the list of what was hit was drawn from the system itself and held against the copy of the month before.",
        1 + day % 28,
        2 + dice.below(5)
    );
    let mut all = json!({
        "format": 1, "id": format!("2026-{number:07}"), "title": title, "description": description,
        "controller": {"name": house, "country": country, "sector": dice.of(&["general", "general", "health", "finance", "public"])},
        "timeline": timeline,
        "event": {"kind": [kind], "cause": if attack { "external-malicious" } else { "internal-accidental" }, "medium": [dice.of(&["e-mail", "paper", "server", "device"])]},
        "subjects": subjects, "data": data,
        "identification": {"level": dice.of(&["limited", "significant", "maximum", "maximum", "unknown"]), "why": "what stands in the data tells whose they are"},
        "confidentiality": confidentiality, "integrity": {"loss": integrity}, "availability": availability, "intent": intent, "protection": protection,
        "notification": notification,
    });
    if dice.happens(20) {
        all["decision"] = json!({"risk": dice.of(&["unlikely", "risk", "high"]), "why": "decided by the privacy team after a talk with the data protection officer"});
    }
    all
}

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let count: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(1000);
    if let Some(folder) = args.next() {
        std::fs::create_dir_all(&folder)?;
        for number in 1..=count {
            let text = toml::to_string(&incident(number)).map_err(io::Error::other)?;
            std::fs::write(format!("{folder}/{number:07}.toml"), text)?;
        }
        return Ok(());
    }
    let mut out = BufWriter::new(io::stdout().lock());
    for number in 1..=count {
        serde_json::to_writer(&mut out, &incident(number))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
