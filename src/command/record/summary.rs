//! The summary of a recording: how much, where, and what is missing.

use std::io::Write;
use std::path::Path;

use crate::command::args::new_recording::UnnamedRecording;
use crate::command::record::args::RecordArgs;
use crate::command::record::live::Totals;
use crate::command::terminal;
use crate::command::terminal::output;
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::Journal;
use crate::report::layout::counted;

/// The ids of missing exchanges that are listed one by one.
const LISTED: usize = 20;

/// Returns the lines about a command's end that are printed: with `--quiet` only the warnings.
pub(super) fn warnings_or_all(text: &str, globals: &Globals) -> String {
    let wanted = |line: &&str| !globals.quiet || line.starts_with("warning");
    text.split_inclusive('\n').filter(wanted).collect()
}

/// Warns that a command sent nothing through wraptap, with what to do.
pub(super) fn nothing(args: &RecordArgs, status: u8, globals: &Globals) -> Result<(), CommandError> {
    if globals.quiet {
        return Ok(());
    }
    if status != 0 {
        let text = format!("warning: the command ended with status {status} before it sent anything\n");
        return Ok(output::stderr().write_all(text.as_bytes())?);
    }
    let command =
        args.command.iter().map(|word| terminal::shell_word(Path::new(word))).collect::<Vec<_>>().join(" ");
    let own_home = if args.own_home {
        "  hint: without `--own-home` the SDKs find wraptap through their config files\n"
    } else {
        ""
    };
    let tls = if args.tls {
        "  hint: its program ignores HTTPS_PROXY (Node's own `fetch` reads it from version 24 on), or calls other hosts\n"
            .to_owned()
    } else {
        format!(
            "  hint: if its program has a fixed host such as https://api.mypurecloud.de: `wraptap record --tls --region mypurecloud.de -- {command}`\n"
        )
    };
    let text = format!(
        "warning: the command sent nothing through wraptap
{own_home}{tls}  hint: otherwise make $WRAPTAP_URL its gateway or base URL; `wraptap setup` prints the code
"
    );
    output::stderr().write_all(terminal::hints(None).complete(&text).as_bytes())?;
    Ok(())
}

pub(super) fn print(
    journal: &Journal,
    totals: &Totals,
    unasked: &UnnamedRecording,
    globals: &Globals,
) -> Result<(), CommandError> {
    let path = journal.path().display();
    let mut text = journal.check().map_or_else(String::new, |disturbed| format!("error: {disturbed}\n"));
    let missing = journal.lost();
    if !globals.quiet && unasked.is_empty() && missing.is_empty() {
        text.push_str(&format!("nothing was recorded; removed {path}\n"));
    } else if !globals.quiet {
        let probes = match totals.probes {
            0 => String::new(),
            count => format!(" ({count} by probe)"),
        };
        let recorded = totals.exchanges - missing.count().min(totals.exchanges);
        text.push_str(&format!(
            "recorded {}{probes}, {} refused, {} failed, in {path}\n",
            counted(recorded, "exchange"),
            totals.refused,
            totals.failed
        ));
        if totals.refused > 0 {
            text.push_str(&format!(
                "why the last one was refused: `{}`\n",
                terminal::hints(Some(journal.path())).command("report --format text")
            ));
        }
    }
    if !missing.is_empty() {
        let ids: Vec<String> = missing.ids().take(LISTED).map(|id| id.to_string()).collect();
        let more = missing.count().saturating_sub(ids.len() as u64);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&format!(
            "error: NOT in {path}: {} ({}{rest})\n",
            counted(missing.count(), "exchange"),
            ids.join(", ")
        ));
    }
    output::stderr().write_all(text.as_bytes())?;
    Ok(())
}
