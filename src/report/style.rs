//! The style of a text rendering: with or without colour, and its width.

use anstyle::{AnsiColor, Style};

use crate::model::finding::Severity;

/// The style of a text rendering. Renderers do not know the terminal: the caller that prints describes it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TextStyle {
    /// Whether roles are marked with ANSI escapes.
    pub paint: Paint,
    /// Cells in a line; what is longer is wrapped or cut. Never below 20.
    pub width: usize,
}

/// Whether a text carries ANSI escapes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Paint {
    /// None.
    Plain,
    /// With them; a stream that is not a terminal strips them again.
    Ansi,
}

/// The role of a piece of text, which decides its colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TextRole {
    /// A finding's head.
    Severity(Severity),
    /// A title, or what is emphasized.
    Strong,
    /// Line numbers, rules and labels.
    Frame,
    /// What the candidate has.
    Sent,
    /// What the known-good side has.
    Expected,
    /// Secondary information.
    Faint,
}

impl TextStyle {
    /// Returns a style without colour.
    pub fn plain(width: usize) -> Self {
        Self { paint: Paint::Plain, width: width.max(20) }
    }

    /// Returns a style with colour.
    pub fn ansi(width: usize) -> Self {
        Self { paint: Paint::Ansi, width: width.max(20) }
    }

    /// Returns the text in the colour of its role.
    pub fn paint(&self, role: TextRole, text: &str) -> String {
        if self.paint == Paint::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = role.style();
        format!("{style}{text}{style:#}")
    }
}

impl TextRole {
    fn style(self) -> Style {
        match self {
            Self::Severity(Severity::Error) => AnsiColor::Red.on_default().bold(),
            Self::Severity(Severity::Warning) => AnsiColor::Yellow.on_default().bold(),
            Self::Severity(Severity::Info) => AnsiColor::Cyan.on_default().bold(),
            Self::Strong => Style::new().bold(),
            Self::Frame => AnsiColor::Blue.on_default().bold(),
            Self::Sent => AnsiColor::Red.on_default(),
            Self::Expected => AnsiColor::Green.on_default(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_style_adds_nothing() {
        assert_eq!(TextStyle::plain(80).paint(TextRole::Strong, "x"), "x");
    }

    #[test]
    fn colour_is_opened_and_closed_around_the_text() {
        assert_eq!(TextStyle::ansi(80).paint(TextRole::Sent, "x"), "\u{1b}[31mx\u{1b}[0m");
        assert_eq!(TextStyle::ansi(80).paint(TextRole::Sent, ""), "");
    }
}
