//! HTML and SVG under construction. Tags are words of the program; everything else is made harmless on its way in.

use super::text::inert;

/// Markup under construction.
#[derive(Default)]
pub struct Markup(String);

impl Markup {
    /// Tags and attributes. Only what stands in the program's own source can be passed here, never a text from a file.
    pub fn raw(&mut self, literal: &'static str) -> &mut Markup {
        self.0.push_str(literal);
        self
    }

    /// A text, also for an attribute in double quotes.
    pub fn text(&mut self, text: &str) -> &mut Markup {
        for c in inert(text).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// A whole number.
    pub fn number(&mut self, n: usize) -> &mut Markup {
        self.0.push_str(&n.to_string());
        self
    }

    /// A place in a picture, to the tenth.
    pub fn place(&mut self, n: f64) -> &mut Markup {
        self.0.push_str(&format!("{n:.1}"));
        self
    }

    /// An element that holds a text.
    pub fn element(&mut self, open: &'static str, text: &str, close: &'static str) -> &mut Markup {
        self.raw(open).text(text).raw(close)
    }

    /// What has been built.
    pub fn finish(self) -> String {
        self.0
    }
}
