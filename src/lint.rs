//! The search for personal data of those affected in free texts: the register must hold none (NAIH's guidance on GDPR art. 33(5)).
//!
//! Two tiers: what a check digit makes sure is reported wherever it stands; what it does not, only with a keyword near or in the form in which
//! people write it. What is found is shown masked. The words and numbers it goes by are `data/identifiers.toml`.

pub mod check;
mod numbers;
mod scan;
mod table;
mod text;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::country::Country;
use crate::incident::walk::At;
use crate::incident::{Incident, some_text};
use crate::note::{Note, NoteCode};
use scan::{Hit, scan};
use text::Ready;

pub use table::Identifiers;

/// What a text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Kind {
    Pesel,
    Nip,
    Taj,
    HuTaxId,
    Iban,
    PaymentCard,
    PlIdentityCard,
    HuIdentityCard,
    EMail,
    Phone,
}

impl Kind {
    /// The kind as it is printed.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// Something that may be personal data of somebody affected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The answer that holds it.
    pub path: String,
    /// The character of the text at which it begins, from 1.
    pub place: usize,
    /// What it looks like.
    pub kind: Kind,
    /// Its first and last sign.
    pub masked: String,
}

impl Found {
    /// The note that `assess` makes of it.
    pub fn note(&self) -> Note {
        let note = Note::new(NoteCode::PersonalData).at(&self.path);
        note.with("kind", self.kind.id()).with("masked", &self.masked).with("place", self.place)
    }
}

/// Whose data may stand in a file: the controller's, the contact's, the authority's.
#[derive(Clone, Debug, Default)]
pub struct Allow {
    values: Vec<(Kind, String)>,
    /// Domains whose addresses are nobody's of those affected.
    domains: Vec<String>,
}

impl Allow {
    /// What an incident itself says of the controller, its contact and its processors, and the country's table of the authorities.
    pub fn of(incident: &Incident, country: Option<&Country>) -> Allow {
        let table = Identifiers::built_in();
        let mut values: Vec<(Kind, String)> = Vec::new();
        incident.texts(&mut |at, text| {
            if text::may_hold(text) {
                let own = scan(&Ready::new(text), table, |kind| !is_own(table, at, kind)).into_iter();
                values.extend(own.map(|hit| (hit.kind, hit.value)));
            }
        });
        let hosts = country.into_iter().flat_map(|c| &c.authorities).filter_map(|a| host(&a.url));
        let mut domains: Vec<String> = hosts.map(str::to_lowercase).collect();
        // the house's own addresses, unless its own people are affected or anybody can have such an address
        let groups = &incident.file.subjects.groups;
        let outside = some_text(groups) && groups.0.iter().all(|g| table.e_mail.outsiders.contains(&text::folded(g.0.trim())));
        if outside {
            let own = values.iter().filter(|(kind, _)| *kind == Kind::EMail).filter_map(|(_, value)| value.split_once('@'));
            let houses = own.map(|(_, domain)| domain.to_owned()).filter(|domain| !table.e_mail.public.contains(domain));
            domains.extend(houses.collect::<Vec<_>>());
        }
        Allow { values, domains }
    }

    fn allows(&self, hit: &Hit, table: &Identifiers) -> bool {
        if self.values.iter().any(|(kind, value)| *kind == hit.kind && *value == hit.value) {
            return true;
        }
        let Some((local, domain)) = hit.value.split_once('@').filter(|_| hit.kind == Kind::EMail) else { return false };
        let within = |house: &String| domain == house || domain.strip_suffix(house.as_str()).is_some_and(|d| d.ends_with('.'));
        table.e_mail.roles.iter().any(|role| role == local) && !table.e_mail.public.iter().any(|p| p == domain) || self.domains.iter().any(within)
    }
}

/// The host of a web address, without `www.`.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// Whether an answer is there to hold such data of the controller's side.
fn is_own(table: &Identifiers, at: &At, kind: Kind) -> bool {
    table.own.iter().any(|own| own.holds.contains(&kind) && at.is_below(&own.path))
}

/// Everything in an incident's texts that may be personal data of somebody affected, in the order of the format.
pub fn incident(incident: &Incident, allow: &Allow) -> Vec<Found> {
    let table = Identifiers::built_in();
    let mut found = Vec::new();
    incident.texts(&mut |at, text| {
        if text::may_hold(text) && (text::has_digit(text) || !is_own(table, at, Kind::EMail)) {
            let ready = Ready::new(text);
            let hits = scan(&ready, table, |kind| is_own(table, at, kind)).into_iter().filter(|hit| !allow.allows(hit, table));
            found.extend(hits.map(|hit| shown(&hit, &ready, at.to_string())));
        }
    });
    found
}

/// The same, with what an incident and its country's table allow.
pub fn search(file: &Incident, country: Option<&Country>) -> Vec<Found> {
    // most incidents hold nothing, and what they allow need not be asked
    match incident(file, &Allow::default()) {
        found if found.is_empty() => found,
        _ => incident(file, &Allow::of(file, country)),
    }
}

/// Everything in one text, nothing allowed.
pub fn text(text: &str) -> Vec<Found> {
    let ready = Ready::new(text);
    scan(&ready, Identifiers::built_in(), |_| false).iter().map(|hit| shown(hit, &ready, String::new())).collect()
}

fn shown(hit: &Hit, ready: &Ready, path: String) -> Found {
    let place = ready.origin(hit.span.start).map_or(0, |i| i + 1);
    Found { path, place, kind: hit.kind, masked: masked(hit.kind, &ready.signs[hit.span.clone()]) }
}

/// The first and the last sign, of an address also that it is one: enough to find it, too little to know it.
fn masked(kind: Kind, signs: &[char]) -> String {
    let (first, last) = (signs.first().copied().unwrap_or(' '), signs.last().copied().unwrap_or(' '));
    match kind {
        Kind::EMail => format!("{first}…@…{last}"),
        _ => format!("{first}…{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(said: &str) -> Vec<Kind> {
        text(said).iter().map(|f| f.kind).collect()
    }

    #[test]
    fn strong_numbers_are_found_wherever_they_stand() {
        for (said, kind) in [
            ("Widziała 44051401359 w tabeli", Kind::Pesel),
            ("plik skan_44051401359.pdf", Kind::Pesel),
            ("440514-01359", Kind::Pesel),
            ("440514\u{a0}01359", Kind::Pesel),
            ("４４０５１４０１３５９", Kind::Pesel),
            ("PESEL44051401359", Kind::Pesel),
            ("az azonosító 8365670003 volt", Kind::HuTaxId),
            ("konto PL61 1090 1014 0000 0712 1981 2874.", Kind::Iban),
            ("konto 61 1090 1014 0000 0712 1981 2874.", Kind::Iban),
            ("HU42-1177-3016-1111-1018-0000-0000", Kind::Iban),
            ("hu42117730161111101800000000", Kind::Iban),
            ("PL61 1090 1014\n0000 0712 1981 2874", Kind::Iban),
            ("4111 1111 1111 1111", Kind::PaymentCard),
            ("4111111111111111", Kind::PaymentCard),
            ("jan.kowalski@poczta.example.pl", Kind::EMail),
            ("jan＠example.pl", Kind::EMail),
            ("+48 601 234 567", Kind::Phone),
            ("+36-30-123-4567", Kind::Phone),
            ("0048 601 234 567", Kind::Phone),
        ] {
            assert_eq!(kinds(said), [kind], "{said}");
        }
    }

    #[test]
    fn weak_numbers_need_a_word_or_their_form() {
        for (said, kind) in [
            ("NIP: 8567346215", Kind::Nip),
            ("NIP8567346215", Kind::Nip),
            ("PL8567346215", Kind::Nip),
            ("856-734-62-15", Kind::Nip),
            ("TAJ-szám: 111111110", Kind::Taj),
            ("111 111 110", Kind::Taj),
            ("dowód osobisty ABA300000", Kind::PlIdentityCard),
            ("ABA 300000", Kind::PlIdentityCard),
            ("személyi igazolvány: 123456AB", Kind::HuIdentityCard),
            ("tel. 601234567", Kind::Phone),
            ("601 234 567", Kind::Phone),
            ("22 123 45 67", Kind::Phone),
            ("(22) 123 45 67", Kind::Phone),
            ("06 30 123 4567", Kind::Phone),
            ("06-1-234-5678", Kind::Phone),
            ("06/30 123-4567", Kind::Phone),
            ("telefon: 06301234567", Kind::Phone),
        ] {
            assert_eq!(kinds(said), [kind], "{said}");
        }
        for said in [
            "1234563218",
            "2026112207",
            "111111110",
            "ABA300000",
            "123456AB",
            "601234567",
            "123 456 789 zł",
            "EUR 601 234 567",
            "601 234 567,00",
            "Auftrag ORD-601-234-567",
            "44051401358",
            "02381307589",
            "0.44051401359",
            "DKN.5131.16.2021",
            "2026-11-20 14:05",
            "phone call on 20.11.2026 at 14:05",
            "user@host",
            "mobile app on 192.168.10.12",
            "+48 000 000 000",
        ] {
            assert_eq!(kinds(said), [], "{said}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_that_holds_something_is_passed_over(text in "[a-cP-RL ]{0,4}(LC|XK|\\+|PL|kw)?[ \u{a0}\u{200b}-]?([0-9]{1,4}|[A-Z]{4}|@a\\.pl|[ -]){1,12}") {
            let hits = scan(&Ready::new(&text), Identifiers::built_in(), |_| false);
            proptest::prop_assert!(hits.is_empty() || text::may_hold(&text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn without_a_digit_there_are_addresses_only(text in "([a-cＡPL +.-]|(PL|tel|kw) ?|@a\\.pl|１|[0-9]){0,20}") {
            let hits = scan(&Ready::new(&text), Identifiers::built_in(), |_| false);
            proptest::prop_assert!(text::has_digit(&text) || hits.iter().all(|hit| hit.kind == Kind::EMail), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_passed_over_changes_nothing_else(text in "((tel|PL|kw|[+]|ABA)? ?([0-9]{2,4}[ -]){0,4}[0-9]{0,6}|@a[.]pl|444 200 000|85-673 46 215| {1,2}){0,4}", passed in 0..1024_u32) {
            let (ready, table) = (Ready::new(&text), Identifiers::built_in());
            let passed_over = |kind: Kind| passed >> kind as u32 & 1 == 1;
            let mut all = scan(&ready, table, |_| false);
            all.retain(|hit| !passed_over(hit.kind));
            proptest::prop_assert_eq!(scan(&ready, table, passed_over), all, "{}", text);
        }
    }

    #[test]
    fn an_account_number_of_letters_is_not_passed_over() {
        for said in ["LC", "on LC", "Konto: LC-", "1 2 LC\u{a0}"] {
            assert!(text::may_hold(&format!("{said}12BANKABCDEFGHIJKLMNOPQRSTUVWX")), "{said}");
        }
        for said in ["found on day 12 when 5 people", "in March", "the 3 of them"] {
            assert!(!text::may_hold(said), "{said}");
        }
    }

    #[test]
    fn a_finding_tells_place_and_kind_but_not_the_number() {
        let found = text("Zażółć: 44051401359");
        assert_eq!(found[0].place, 9);
        assert_eq!(found[0].masked, "4…9");
        assert_eq!(text("a jan@example.pl b")[0].masked, "j…@…l");
    }
}
