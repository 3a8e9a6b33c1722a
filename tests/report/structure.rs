//! What an HTML report is built of: one page that needs nothing but itself, and that a screen reader finds its way through.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node, ParsingOptions};

use super::{example, examples};

/// Every element that a report may be made of. None of them loads, runs, sends or links to anything.
const ELEMENTS: &str = "html head meta title style body header main section div span h1 h2 h3 h4 p br ul li dl dt dd small code table caption thead tbody tr th td \
                        figure figcaption svg desc rect line path circle text";
/// Every attribute that a report may have.
const ATTRIBUTES: &str = "lang charset http-equiv content name class id scope role aria-labelledby viewBox x y x1 y1 x2 y2 width height d cx cy r";

/// A report as a tree. It is written so that it is XML too, which no stray character of an incident survives.
pub fn parse(html: &str) -> Document<'_> {
    Document::parse_with_options(html, ParsingOptions { allow_dtd: true, ..Default::default() }).unwrap_or_else(|e| panic!("not well-formed: {e}"))
}

fn elements<'a>(page: &'a Document<'a>, name: &str) -> Vec<Node<'a, 'a>> {
    page.descendants().filter(|n| n.is_element() && n.tag_name().name() == name).collect()
}

pub fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect()
}

/// Whatever in a page has no place in one.
pub fn strangers(page: &Document<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let allowed = |list: &'static str| list.split_whitespace().collect::<BTreeSet<_>>();
    let (known_elements, known_attributes) = (allowed(ELEMENTS), allowed(ATTRIBUTES));
    for node in page.descendants().filter(Node::is_element) {
        if !known_elements.contains(node.tag_name().name()) {
            faults.push(format!("<{}> has no place in a report", node.tag_name().name()));
        }
        faults.extend(
            node.attributes()
                .filter(|a| !known_attributes.contains(a.name()))
                .map(|a| format!("{}=\"{}\" has no place in a report", a.name(), a.value())),
        );
    }
    faults
}

/// Whatever is wrong with the structure of a report.
pub fn faults(html: &str, incidents: usize) -> Vec<String> {
    let page = parse(html);
    let mut faults = strangers(&page);
    if page.root_element().attribute("lang") != Some("en") {
        faults.push("the page does not say its language".into());
    }

    let levels: Vec<u32> = page.descendants().filter_map(|n| n.tag_name().name().strip_prefix('h')?.parse().ok()).collect();
    if levels.iter().filter(|l| **l == 1).count() != 1 || levels.first() != Some(&1) {
        faults.push(format!("one h1 comes first, but the headings are {levels:?}"));
    }
    faults.extend(levels.windows(2).filter(|pair| pair[1] > pair[0] + 1).map(|pair| format!("h{} follows h{}", pair[1], pair[0])));
    if levels.iter().filter(|l| **l == 2).count() != incidents {
        faults.push(format!("{incidents} incidents, but the headings are {levels:?}"));
    }

    let mut ids = BTreeSet::new();
    for id in page.descendants().filter_map(|n| n.attribute("id")) {
        if !ids.insert(id) {
            faults.push(format!("id {id} is there twice"));
        }
    }
    let labels = page.descendants().filter_map(|n| n.attribute("aria-labelledby")).flat_map(str::split_whitespace);
    faults.extend(labels.filter(|id| !ids.contains(id)).map(|id| format!("nothing has the id {id}")));

    for picture in elements(&page, "svg") {
        let says = |name: &str| picture.children().any(|c| c.tag_name().name() == name && !text_of(c).trim().is_empty());
        if picture.attribute("role") != Some("img") || picture.attribute("aria-labelledby").is_none() || !says("title") || !says("desc") {
            faults.push("a picture without words".into());
        }
    }
    for table in elements(&page, "table") {
        let rows: Vec<Node<'_, '_>> = table.descendants().filter(|n| n.tag_name().name() == "tr").collect();
        let widths: BTreeSet<usize> = rows.iter().map(|r| r.children().filter(Node::is_element).count()).collect();
        let named = rows.iter().all(|r| r.children().any(|c| c.tag_name().name() == "th" && c.attribute("scope").is_some()));
        let caption = table.children().find(Node::is_element).is_some_and(|c| c.tag_name().name() == "caption" && !text_of(c).is_empty());
        if rows.len() < 2 || widths.len() != 1 || !named || !caption {
            faults
                .push(format!("a table of {} rows with {widths:?} cells, each row with its heading: {named}, with a caption: {caption}", rows.len()));
        }
    }
    for name in ["p", "li", "dt", "h2", "h3", "h4", "figcaption"] {
        faults.extend(elements(&page, name).into_iter().filter(|n| text_of(*n).trim().is_empty()).map(|_| format!("an empty <{name}>")));
    }

    let style: String = elements(&page, "style").into_iter().map(text_of).collect();
    faults.extend(
        ["url(", "@import", "@font-face", "expression("].into_iter().filter(|word| style.contains(word)).map(|word| format!("the style has {word}")),
    );
    let policy = page.descendants().find(|n| n.attribute("http-equiv") == Some("Content-Security-Policy")).and_then(|n| n.attribute("content"));
    if !policy.is_some_and(|p| p.starts_with("default-src 'none';") && !p.contains("http") && !p.contains("script-src")) {
        faults.push(format!("the page's policy is {policy:?}"));
    }
    faults
}

#[test]
fn every_example_is_well_built() {
    let mut wrong = BTreeMap::new();
    for name in examples() {
        for practice in [None, Some("plain")] {
            let faults = faults(&example(&name, practice).html, 1);
            if !faults.is_empty() {
                wrong.insert((name.clone(), practice), faults);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The check itself must be able to fail.
#[test]
fn a_page_that_is_badly_built_is_found_out() {
    let good = example("payroll-wrong-client", None).html;
    let spoilt = [
        good.replace("<h3>", "<h4>").replace("</h3>", "</h4>"),
        good.replace(" scope=\"row\"", ""),
        good.replace("id=\"t2\"", "id=\"t1\""),
        good.replace("<main>", "<main><img/>"),
        good.replace("<main>", "<main><p onclick=\"x\">y</p>"),
        good.replace("default-src 'none';", "default-src *;"),
        good.replace("* { box-sizing", "@import 'x'; * { box-sizing"),
    ];
    for (i, page) in spoilt.iter().enumerate() {
        assert_ne!(*page, good, "{i} is not spoilt");
        assert!(!faults(page, 1).is_empty(), "{i}");
    }
}

/// WCAG 2.2, success criteria 1.4.3 and 1.4.11: text 4.5 to 1, what a picture is made of 3 to 1.
#[test]
fn colours_stand_out_in_light_and_dark() {
    let page = example("payroll-wrong-client", None).html;
    let (light, dark) = page.split_once("prefers-color-scheme: dark").expect("two schemes");
    for (scheme, css) in [("light", light), ("dark", dark)] {
        let colour = |name: &str| -> [u8; 3] {
            let (_, rest) = css.split_once(&format!("--{name}: #")).unwrap_or_else(|| panic!("{scheme}: no {name}"));
            [0, 2, 4].map(|i| u8::from_str_radix(&rest[i..i + 2], 16).expect("a colour"))
        };
        let text = [
            ("ink", "paper"),
            ("soft", "paper"),
            ("alarm-ink", "paper"),
            ("calm-ink", "paper"),
            ("due-ink", "paper"),
            ("alarm-ink", "alarm-tint"),
            ("calm-ink", "calm-tint"),
            ("ink", "alarm-tint"),
            ("ink", "calm-tint"),
            ("ink", "low"),
            ("ink", "medium"),
            ("ink", "high"),
            ("ink", "very-high"),
        ];
        let shapes = [("bar", "paper"), ("added", "paper"), ("bar", "tint"), ("added", "tint")];
        for (least, pairs) in [(4.5, &text[..]), (3.0, &shapes[..])] {
            for (one, other) in pairs {
                let ratio = contrast(colour(one), colour(other));
                assert!(ratio >= least, "{scheme}: {one} on {other} is {ratio:.2} to 1");
            }
        }
    }
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let [r, g, b] = colour.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
