//! A text from a file, made fit for any output: harmless characters only, in paragraphs.

use super::text::inert;

/// A text on one line.
pub fn flat(text: &str) -> String {
    // most texts need nothing of it
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.trim().to_owned();
    }
    inert(&tidy(text)).split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The paragraphs of a text, each with its lines.
///
/// Files are wrapped by hand at some width, which means nothing on paper: lines flow together. A line that begins like an entry of a list stays one.
pub fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut blank = true;
    for line in inert(&tidy(text)).lines().map(str::trim) {
        match all.last_mut() {
            _ if line.is_empty() => blank = true,
            Some(paragraph) if !blank => match paragraph.last_mut() {
                Some(last) if !begins_entry(line) => {
                    last.push(' ');
                    last.push_str(line);
                }
                _ => paragraph.push(line.to_owned()),
            },
            _ => {
                all.push(vec![line.to_owned()]);
                blank = false;
            }
        }
    }
    all
}

/// The ends of lines as `\n`, tabs as blanks: what a text editor leaves behind is no attack.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\t', " ")
}

/// Whether a line looks like an entry of a list: `- one`, `* one`, `1. one`, `2) two`.
fn begins_entry(line: &str) -> bool {
    let Some((mark, _)) = line.split_once(' ') else { return false };
    matches!(mark, "-" | "*" | "+" | "•" | "–")
        || mark.strip_suffix(['.', ')']).is_some_and(|n| !n.is_empty() && n.len() < 4 && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_flow_together_and_lists_stay() {
        let text = "One line\nand its rest.\r\n\r\nThen:\n- a\n- b,\n  longer\n1. c\n";
        assert_eq!(paragraphs(text), [vec!["One line and its rest."], vec!["Then:", "- a", "- b, longer", "1. c"]]);
        assert_eq!(paragraphs(" \n\n"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(flat("a\n\n b\tc\r\nd\u{1b}[31m"), "a b c d\u{fffd}[31m");
    }
}
