//! What is said of the register.

pub mod html;
pub mod list;
pub mod markdown;
pub mod paper;
pub mod reassess;
pub mod sheets;
pub mod show;
pub mod words;

use crate::register::chain::Fault;
use crate::texts::Texts;

/// A fault, in a sentence.
pub fn fault(fault: &Fault, texts: &Texts) -> String {
    let values = fault.how.values();
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let how = texts.say(fault.how.id(), &values);
    match fault.line {
        Some(line) => texts.say("register-fails", &[("line", &line.to_string()), ("how", &how)]),
        None => texts.say("register-fails-end", &[("how", &how)]),
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;
    use crate::register::chain::How;
    use crate::register::column::Column;
    use crate::register::view::State;

    #[test]
    fn every_fault_column_and_state_has_its_sentence() {
        let how = [
            How::Form,
            How::Long,
            How::Altered,
            How::Newline,
            How::Gone(1, 1),
            How::Gone(1, 2),
            How::Elsewhere(1, 2),
            How::Follows,
            How::Format(String::new()),
            How::Head(String::new()),
        ];
        let faults = how.iter().map(|how| how.id().to_owned());
        let columns = Column::VARIANTS.iter().map(|c| format!("register-col-{}", c.id()));
        let states = State::VARIANTS.iter().map(|s| format!("register-state-{}", s.id()));
        let texts = Texts::english();
        for key in faults.chain(columns).chain(states) {
            assert!(texts.has(&key), "{key}");
        }
    }

    /// Every value of a sentence is filled in, and every sentence that the code asks for is there.
    #[test]
    fn faults_are_said_in_full() {
        let gone = Fault { line: Some(3), how: How::Gone(2, 4) };
        assert_eq!(fault(&gone, &Texts::english()), "line 3: entries 2 to 4 are missing before this one.");
        for how in [How::Elsewhere(1, 2), How::Format("x".into()), How::Head("y".into())] {
            let said = fault(&Fault { line: None, how }, &Texts::english());
            assert!(!said.contains('{'), "{said}");
        }
    }
}
