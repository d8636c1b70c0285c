//! What is said when a recording ends: how much, where, and what is missing.

use std::io::Write;

use crate::command::record::live::Totals;
use crate::command::select::shell_word;
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::Journal;

/// The ids of missing exchanges that are listed one by one.
const LISTED: usize = 20;

pub(super) fn print(journal: &Journal, totals: &Totals, globals: &Globals) -> Result<(), CommandError> {
    let path = journal.path().display();
    let missing = journal.missing();
    let mut text = String::new();
    if !globals.quiet {
        let plural = if totals.exchanges == 1 { "" } else { "s" };
        let probes = match totals.probes {
            0 => String::new(),
            count => format!(" ({count} by probe)"),
        };
        text.push_str(&format!(
            "recorded {} exchange{plural}{probes}, {} refused, {} failed, in {path}\n",
            totals.exchanges - missing.count().min(totals.exchanges),
            totals.refused,
            totals.failed
        ));
        if totals.refused > 0 {
            text.push_str(&format!(
                "why the last one was refused: `wraptap diff last-refused -r {}`\n",
                shell_word(journal.path())
            ));
        }
    }
    if !missing.is_empty() {
        let ids: Vec<String> = missing.ids().take(LISTED).map(|id| id.to_string()).collect();
        let more = missing.count().saturating_sub(ids.len() as u64);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&format!(
            "error: {} exchanges are NOT in {path}, because it could not be written to: {}{rest}\n",
            missing.count(),
            ids.join(", ")
        ));
    }
    anstream::stderr().write_all(text.as_bytes())?;
    Ok(())
}
