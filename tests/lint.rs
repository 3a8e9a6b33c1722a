//! The search for personal data, held against texts made here: every valid number must be found, and of a thousand harmless texts at most two in a
//! hundred may be stopped. Both figures are printed (`cargo test --test lint -- --nocapture`); `LINT_SEED=n` makes other texts of the same kinds.
//!
//! The numbers are made by arithmetic of this file's own, so that a slip in the library's is seen.

// the figures are what the test is for
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use breach::incident::Incident;
use breach::incident::format::{FIELDS, Kind};
use breach::incident::read::{Syntax, read};
use breach::lint::{self, Allow};
use breach::method::Method;
use breach::tables::{Choice, Tables};
use serde_json::{Value, json};

/// A small generator of numbers: the same texts on every machine.
struct Dice(u64);

impl Dice {
    fn new() -> Dice {
        Dice(std::env::var("LINT_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20261122))
    }

    fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len() as u64) as usize]
    }

    fn digits(&mut self, n: usize) -> String {
        let first = self.from(1, 9).to_string();
        (1..n).fold(first, |text, _| text + &self.below(10).to_string())
    }
}

fn sum(digits: &str, weights: &[u64]) -> u64 {
    digits.bytes().zip(weights).map(|(d, w)| u64::from(d - b'0') * w).sum()
}

fn pesel(dice: &mut Dice) -> String {
    let (year, month, day) = (dice.from(1930, 2019), dice.from(1, 12), dice.from(1, 28));
    let month = if year >= 2000 { month + 20 } else { month };
    let head = format!("{:02}{month:02}{day:02}{:04}", year % 100, dice.below(10_000));
    let check = (10 - sum(&head, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10;
    format!("{head}{check}")
}

fn nip(dice: &mut Dice) -> String {
    loop {
        let head = dice.digits(9);
        let check = sum(&head, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
        if check < 10 {
            return format!("{head}{check}");
        }
    }
}

fn taj(dice: &mut Dice) -> String {
    let head = dice.digits(8);
    let check = sum(&head, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10;
    format!("{head}{check}")
}

fn hu_tax_id(dice: &mut Dice) -> String {
    loop {
        let head = format!("8{:05}{:03}", dice.from(22_000, 54_000), dice.below(1000));
        let check = sum(&head, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
        if check < 10 {
            return format!("{head}{check}");
        }
    }
}

fn iban(dice: &mut Dice, country: &str, length: usize) -> String {
    let account = dice.digits(length - 4);
    let moved = format!("{account}{country}00");
    let rest = moved.chars().fold(0_u64, |n, c| {
        let value = u64::from(c.to_digit(36).expect("letters and digits"));
        (n * if value > 9 { 100 } else { 10 } + value) % 97
    });
    format!("{country}{:02}{account}", 98 - rest)
}

fn card(dice: &mut Dice) -> String {
    let (prefix, length) =
        [("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("37", 15), ("36", 14), ("6011", 16), ("62", 16)][dice.below(8) as usize];
    let head = format!("{prefix}{}", dice.digits(length - 1 - prefix.len()));
    let doubled = head.bytes().rev().enumerate().map(|(i, d)| {
        let d = u64::from(d - b'0');
        if i % 2 == 1 { d } else { [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][d as usize] }
    });
    format!("{head}{}", (10 - doubled.sum::<u64>() % 10) % 10)
}

fn identity_card(dice: &mut Dice) -> String {
    let letters: String = (0..3).map(|_| char::from(b'A' + dice.below(26) as u8)).collect();
    let tail = dice.digits(5);
    let value = |c: char| u64::from(c.to_digit(36).expect("letters and digits"));
    let others: u64 = letters.chars().chain(tail.chars()).zip([7, 3, 1, 7, 3, 1, 7, 3]).map(|(c, w)| value(c) * w).sum();
    let check = (0..10).find(|c| (others + c * 9).is_multiple_of(10)).expect("9 has an inverse modulo 10");
    format!("{letters}{check}{tail}")
}

/// A number in groups of these sizes.
fn grouped(number: &str, sizes: &[usize], sign: &str) -> String {
    let (mut rest, mut parts) = (number, Vec::new());
    for size in sizes {
        let (part, tail) = rest.split_at((*size).min(rest.len()));
        parts.push(part);
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts.join(sign)
}

/// Full-width digits, as some keyboards write them.
fn wide(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xfee0).expect("full-width forms") } else { c }).collect()
}

fn fours(number: &str, sign: &str) -> String {
    grouped(number, &[4; 8], sign)
}

/// Sentences in which a number may stand without any word that names it.
const PLAIN: &[&str] = &[
    "W tabeli był wiersz {}.",
    "Odbiorca widział {} i zadzwonił.",
    "{}",
    "Lista: Nowak, {}, Kraków",
    "A táblázatban {} szerepelt.",
    "A címzett látta ezt: {}",
    "The sheet showed {} in line 4.",
    "Recipient saw ({}).",
    "opis;{};koniec",
];

/// Made texts, each with a valid number of its kind, in every form that must be found.
fn corpus() -> Vec<(&'static str, String)> {
    let mut dice = Dice::new();
    let mut texts = Vec::new();
    let mut put = |kind: &'static str, sentence: &str, number: &str| texts.push((kind, sentence.replace("{}", number)));
    for _ in 0..60 {
        let number = pesel(&mut dice);
        put("pesel", dice.one(PLAIN), &number);
        put("pesel", dice.one(PLAIN), &wide(&number));
        put("pesel", dice.one(PLAIN), &grouped(&number, &[6], dice.one(&[" ", "-", "\u{a0}", "\u{2011}"])));
        put("pesel", "PESEL: {}", &grouped(&number, &[2, 2, 2, 5], " "));
        put("pesel", "osoba o numerze PESEL {} z Łodzi", &number);
        put("pesel", "dowod-{}-skan.pdf", &number);

        let number = hu_tax_id(&mut dice);
        put("hu-tax-id", dice.one(PLAIN), &number);
        put("hu-tax-id", "adóazonosító jele {}", &number);
        put("hu-tax-id", "adóazonosító jel: {}", &grouped(&number, &[1, 3, 3, 3], " "));

        for (country, length) in [("PL", 28), ("HU", 28), ("DE", 22), ("CZ", 24), ("BE", 16)] {
            let number = iban(&mut dice, country, length);
            put("iban", dice.one(PLAIN), &number);
            put("iban", dice.one(PLAIN), &fours(&number, dice.one(&[" ", "\u{a0}", "-"])));
            put("iban", dice.one(PLAIN), &number.to_lowercase());
        }
        let home = iban(&mut dice, "PL", 28);
        put("iban", "nr rachunku {}", &home[2..]);
        put("iban", "konto {}", &grouped(&home[2..], &[2, 4, 4, 4, 4, 4, 4], " "));

        let number = card(&mut dice);
        put("payment-card", dice.one(PLAIN), &number);
        let sizes: &[usize] = match number.len() {
            15 => &[4, 6, 5],
            14 => &[4, 6, 4],
            _ => &[4, 4, 4, 4],
        };
        put("payment-card", dice.one(PLAIN), &grouped(&number, sizes, dice.one(&[" ", "-"])));

        let number = nip(&mut dice);
        put("nip", dice.one(PLAIN), &grouped(&number, &[3, 3, 2, 2], "-"));
        put("nip", dice.one(PLAIN), &grouped(&number, &[3, 2, 2, 3], "-"));
        put("nip", dice.one(PLAIN), &format!("PL{number}"));
        put(
            "nip",
            dice.one(&["NIP {}", "NIP: {}.", "numer identyfikacji podatkowej {}", "jego NIP-u {} nie było", "tax id {}", "VAT no. PL {}"]),
            &number,
        );

        let number = taj(&mut dice);
        put("taj", dice.one(&["TAJ: {}", "TAJ-száma {}", "tajszám {}", "társadalombiztosítási azonosító {}", "social security no. {}"]), &number);
        put("taj", dice.one(&["TAJ {}", "TAJ szám: {}"]), &grouped(&number, &[3, 3, 3], dice.one(&[" ", "-", "\u{a0}"])));
        // in its customary form it may pass for a telephone number too: what counts is that it is found
        put("taj or phone", dice.one(PLAIN), &grouped(&number, &[3, 3, 3], dice.one(&[" ", "-"])));

        let number = identity_card(&mut dice);
        put(
            "pl-identity-card",
            dice.one(&["dowód {}", "dowód osobisty nr {}", "seria i numer {}", "ID card {}", "legitymujący się {} wydanym w Łodzi"]),
            &number,
        );
        put("pl-identity-card", dice.one(&["dowodu osobistego {}", "identity card no. {}"]), &grouped(&number, &[3], " "));

        let domain = dice.one(&["poczta.example", "example.com", "mail.example.hu", "wp.pl", "sub.dom.example.org"]);
        let local = dice.one(&["jan.kowalski", "a", "kovacs_j", "o'neill", "x+y", "zażółć", "1975"]);
        put("e-mail", dice.one(PLAIN), &format!("{local}@{domain}"));
        put("e-mail", dice.one(PLAIN), &format!("<{}@{}>", local.to_uppercase(), domain.to_uppercase()));
        put("e-mail", dice.one(PLAIN), &format!("mailto:{local}＠{domain}."));

        let mobile = format!("{}{}", dice.one(&["50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88"]), &dice.digits(7));
        put("phone", dice.one(PLAIN), &format!("+48{mobile}"));
        put("phone", dice.one(PLAIN), &format!("+48 {}", grouped(&mobile, &[3, 3, 3], " ")));
        put("phone", dice.one(PLAIN), &format!("(+48) {}", grouped(&mobile, &[3, 3, 3], "-")));
        put("phone", dice.one(&["tel. {}", "telefon: {}", "nr tel.: {}", "mobile {}", "komórka {}"]), &mobile);
        put("phone or taj", dice.one(PLAIN), &grouped(&mobile, &[3, 3, 3], dice.one(&[" ", "-", "\u{a0}"])));
        let landline = format!("{}{}", dice.one(&["12", "22", "32", "58", "61", "71", "81"]), &dice.digits(7));
        put("phone", dice.one(PLAIN), &format!("({}) {}", &landline[..2], grouped(&landline[2..], &[3, 2, 2], " ")));
        put("phone", dice.one(PLAIN), &grouped(&landline, &[2, 3, 2, 2], " "));
        let hungarian = dice.digits(7);
        let area = dice.one(&["20", "30", "70"]);
        put("phone", dice.one(PLAIN), &format!("+36 {area} {}", grouped(&hungarian, &[3, 4], " ")));
        put("phone", dice.one(PLAIN), &format!("06 {area} {}", grouped(&hungarian, &[3, 4], " ")));
        put("phone", dice.one(PLAIN), &format!("06-{area}/{}", grouped(&hungarian, &[3, 4], "-")));
        put("phone", dice.one(PLAIN), &format!("06 1 {}", grouped(&hungarian, &[3, 4], " ")));
        put("phone", dice.one(&["telefonszáma 06{}", "mobil: 06{}", "hívható: 06{}"]), &format!("{area}{hungarian}"));
    }
    texts
}

#[test]
fn every_valid_number_is_found() {
    let corpus = corpus();
    let mut missed = Vec::new();
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (kind, text) in &corpus {
        let found = lint::text(text);
        let hit = found.iter().any(|f| kind.split(" or ").any(|k| k == f.kind.id()));
        let count = by_kind.entry(kind).or_default();
        count.0 += usize::from(hit);
        count.1 += 1;
        if !hit {
            missed.push(format!("{kind}: {text:?} gave {:?}", found.iter().map(|f| f.kind.id()).collect::<Vec<_>>()));
        }
    }
    println!("valid numbers found: {} of {}", corpus.len() - missed.len(), corpus.len());
    for (kind, (found, all)) in by_kind {
        println!("  {kind:<18} {found} of {all}");
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

/// A thousand texts with numbers that tell nothing about anybody: dates, case numbers, amounts, order numbers, time stamps.
fn harmless() -> Vec<(&'static str, String)> {
    let mut dice = Dice::new();
    let mut texts: Vec<(&'static str, String)> = Vec::new();
    while texts.len() < 1000 {
        let (y, m, d) = (dice.from(2018, 2027), dice.from(1, 12), dice.from(1, 28));
        let (hour, minute, second) = (dice.below(24), dice.below(60), dice.below(60));
        let (four, six, seven) = (dice.digits(4), dice.digits(6), dice.digits(7));
        let lengths = [7, 8, 9, 10, 11, 12, 13, 14, 16];
        let length = lengths[dice.below(9) as usize];
        let order = dice.digits(length);
        let (a, b, c) = (dice.from(1, 999), dice.from(0, 999), dice.from(0, 999));
        texts.push((
            "date",
            dice.one(&[
                "Zdarzenie z dnia DD.MM.YYYY r., zgłoszone YYYY-MM-DD o godz. hh:mm.",
                "The call came on DD/MM/YYYY at hh:mm, the phone was lost on YYYY-MM-DD.",
                "Az eset YYYY. MM. DD-én történt, telefonon hh:mm-kor jelezték.",
                "Między DD.MM.YYYY a 28-12-YYYY 10:00 brak wpisów.",
                "Okres YYYY-MM-01 - YYYY-MM-DD 12 34",
                "born in YYYY, hired DD-MM-YYYY, left 31.12.YYYY",
                "kopia z YYYYMMDD i YYYYMM28",
            ])
            .replace("YYYY", &y.to_string())
            .replace("MM", &format!("{m:02}"))
            .replace("DD", &format!("{d:02}"))
            .replace("hh", &format!("{hour:02}"))
            .replace("mm", &format!("{minute:02}")),
        ));
        texts.push((
            "case number",
            dice.one(&[
                "Decyzja DKN.4444.a.YYYY w sprawie DS.523.444444.YYYY.",
                "Sprawa nr 4444/YYYY, sygn. akt II SA/Wa 666666/YY",
                "Ügyszám: NAIH-4444-a/YYYY., iktatószám 777-7777/YYYY",
                "case C-340/21, ticket INC777777, reference 4444-666666",
                "Reference no. DPA/YYYY/4444/666666 and 2021-442-9999",
                "KRS 0000666666, ticket #77777777777",
                "zgłoszenie 666666 z rejestru IOD/4444/YYYY",
            ])
            .replace("YYYY", &y.to_string())
            .replace("444444", &six)
            .replace("4444", &four)
            .replace("777777777", &dice.digits(9))
            .replace("7777777", &seven)
            .replace("666666", &six)
            .replace("YY", &format!("{:02}", y % 100)),
        ));
        texts.push((
            "amount",
            dice.one(&[
                "Strata AAA BBB CCC zł oraz AAA BBB,00 PLN.",
                "A kár AAA BBB CCC Ft, ebből AAA.BBB.CCC,50 HUF megtérült.",
                "Loss of EUR AAA,BBB.CC and of AAABBBCCC records.",
                "AAA BBB CCC rekordów, AAABBB osób",
                "price 1 AAA BBB CCC.50 euro, 12 AAA BBB USD",
                "AAA BBB CCC bytes, € AAA BBB CCC",
                "+AAA BBB CCC EUR; -AAA%",
                "kwota: AAA BBB CCC,99",
            ])
            .replace("AAA", &a.to_string())
            .replace("BBB", &format!("{b:03}"))
            .replace("CCC", &format!("{c:03}")),
        ));
        texts.push((
            "order number",
            dice.one(&[
                "Zamówienie nr #",
                "order # was sent twice",
                "Rendelésszám: #",
                "faktura FV/4444/#",
                "parcel #, tracking no. 00#",
                "ORD-#, INV-666666",
                "paczka # wróciła",
                "customer number #",
                "wersja 4.44.#",
                "nr klienta 666-666, umowa #",
                "device SN #-4444",
                "batch #/4444",
                "ZAM 666666, REF 666666, BOX 777777",
            ])
            .replace('#', &order)
            .replace("4444", &four)
            .replace("666666", &six)
            .replace("777777", &six),
        ));
        let stamp = format!("{y}{m:02}{d:02}{hour:02}");
        texts.push((
            "time stamp",
            dice.one(&[
                "log from STAMP to STAMP, YYYY-MM-DDThh:mm:ss+01:00",
                "STAMPmmss",
                "file dump_STAMPmm.sql.gz",
                "[YYYY-MM-DD hh:mm:ss,123] ERROR 500",
                "epoch 17EPOCHxx, ms 17EPOCHxx123",
                "YYYYMMDD-hhmmss backup",
                "at hh:mm:ss.123456789 UTC",
                "id 550e8400-e29b-41d4-a716-4466STAMP from 192.168.10.12:8080",
                "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, 10.0.0.1",
            ])
            .replace("STAMP", &stamp)
            .replace("EPOCH", &six)
            .replace("xx", &format!("{:02}", second))
            .replace("YYYY", &y.to_string())
            .replace("MM", &format!("{m:02}"))
            .replace("DD", &format!("{d:02}"))
            .replace("hh", &format!("{hour:02}"))
            .replace("mm", &format!("{minute:02}"))
            .replace("ss", &format!("{second:02}")),
        ));
    }
    texts.truncate(1000);
    texts
}

#[test]
fn harmless_numbers_pass() {
    let texts = harmless();
    assert_eq!(texts.len(), 1000);
    let mut alarms = Vec::new();
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (kind, text) in &texts {
        let found = lint::text(text);
        let count = by_kind.entry(kind).or_default();
        count.0 += usize::from(!found.is_empty());
        count.1 += 1;
        if let Some(first) = found.first() {
            alarms.push(format!("{kind}: {text:?} taken for {}", first.kind.id()));
        }
    }
    println!("false alarms: {} of {} harmless texts ({} %)", alarms.len(), texts.len(), alarms.len() as f64 / 10.0);
    for (kind, (alarms, all)) in by_kind {
        println!("  {kind:<13} {alarms} of {all}");
    }
    println!("  {}", alarms.join("\n  "));
    assert!(alarms.len() <= 20, "{} of 1000 harmless texts were stopped", alarms.len());
}

fn method() -> Method {
    Tables::default().method(&Choice::Id("enisa-2013".into())).expect("built in").table
}

fn incident(file: &Value) -> Incident {
    read(file.to_string().as_bytes(), Syntax::Json, &method()).unwrap_or_else(|findings| panic!("{file}: {findings:?}"))
}

/// The least file there is, with more laid over it.
fn file(more: Value) -> Value {
    let mut file = json!({"format": 1, "id": "x", "data": {"simple": {"items": ["email"]}}, "identification": {"level": "limited"}, "confidentiality": {"loss": "known-recipients"}});
    merge(&mut file, more);
    file
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => more.into_iter().for_each(|(key, value)| merge(into.entry(key).or_insert(Value::Null), value)),
        (into, more) => *into = more,
    }
}

/// A value at a path of the format, in tables and lists of one entry.
fn at(path: &str, value: Value) -> Value {
    path.rsplit('.').fold(value, |inner, key| match key.strip_suffix("[]") {
        Some(key) => json!({key: [inner]}),
        None => json!({key: inner}),
    })
}

#[test]
fn every_text_of_the_format_is_searched() {
    let mut looked = 0;
    let tables = FIELDS.iter().filter(|f| matches!(f.kind, Kind::Table | Kind::Tables) && f.path != "data");
    let whys = tables.map(|f| (if f.kind == Kind::Tables { format!("{}[].why", f.path) } else { format!("{}.why", f.path) }, Kind::Text));
    let texts = FIELDS.iter().map(|f| (f.path.to_owned(), f.kind)).filter(|(_, kind)| matches!(kind, Kind::Text | Kind::Texts));
    for (path, kind) in texts.chain(whys).chain([("why".to_owned(), Kind::Text), ("data.why".to_owned(), Kind::Text)]) {
        let said = json!("see 44051401359");
        let value = if kind == Kind::Texts { json!([said]) } else { said };
        let mut more = at(&path, value);
        // a category of data needs its items to be there
        if let Some(category) = path.strip_prefix("data.").and_then(|p| p.split_once('.')).map(|(category, _)| category) {
            merge(&mut more, at(&format!("data.{category}.items"), json!([])));
        }
        let found = lint::incident(&incident(&file(more)), &Allow::default());
        let shown = path.replace("[]", "[0]") + if kind == Kind::Texts { "[0]" } else { "" };
        assert_eq!(found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), [shown], "{path}");
        assert_eq!(found[0].place, 5, "{path}");
        looked += 1;
    }
    println!("{looked} texts of the format are searched");
    assert!(looked > 60);
}

#[test]
fn a_category_said_not_to_be_hit_is_searched_too() {
    let found = lint::incident(&incident(&file(json!({"data": {"sensitive": {"affected": false, "why": "44051401359 asked"}}}))), &Allow::default());
    assert_eq!(found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["data.sensitive.why"]);
}

#[test]
fn the_controllers_the_contacts_and_the_authoritys_own_data_are_allowed() {
    let poland = Tables::default().country("PL").expect("built in").expect("Poland has a table");
    let found = |description: &str, groups: &[&str]| {
        let incident = incident(&file(json!({
            "description": description,
            "subjects": {"groups": groups},
            "controller": {"name": "Example Sp. z o.o., NIP 123-456-32-18"},
            "processors": [{"name": "Example IT, it@example.net, +48 22 555 12 12"}],
            "told": {"hotline": "+48 601 234 567"},
            "notification": {"contact": {"name": "Office", "email": "Jan.Nowak@Example.pl", "phone": "+48 22 123 45 67"}},
        })));
        let allow = Allow::of(&incident, Some(&poland.table));
        lint::incident(&incident, &allow).into_iter().map(|f| (f.path, f.kind.id())).collect::<Vec<_>>()
    };
    let customers = ["customers"];
    for own in [
        "jan.nowak@example.pl wrote",
        "call 22 123 45 67",
        "the hotline (601 234 567) was told",
        "our NIP: 1234563218",
        "iod@another-house.pl answered",
        "kancelaria@uodo.gov.pl answered",
        "anna.biala@example.pl of our staff sent it",
    ] {
        assert_eq!(found(own, &customers), [], "{own}");
    }
    for other in ["anna.biala@example.com", "anna.biala@notexample.pl", "dpo@gmail.com", "601 234 568", "NIP 856-734-62-15"] {
        assert_eq!(found(other, &customers).len(), 1, "{other}");
    }
    // where the house's own people may be affected, their addresses are no longer its own
    for groups in [&["employees"][..], &["customers", "staff"], &[]] {
        assert_eq!(found("anna.biala@example.pl of our staff", groups), [("description".to_owned(), "e-mail")], "{groups:?}");
    }
}
