//! `setup`: prints the code that attaches an SDK to wraptap, or puts the gateway into the SDK's own config
//! file.

mod config_file;

use std::path::PathBuf;

use serde_json::json;

use crate::command::CommandOutcome;
use crate::command::attach::address::Address;
use crate::command::attach::gateway_file::Change;
use crate::command::attach::{ALL, Attachable};
use crate::command::setup::config_file::{ConfigFile, UndoResult};
use crate::command::terminal::{self, OutputFormat};
use crate::config::Globals;
use crate::error::CommandError;

#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wraptap setup python
  wraptap setup javascript --write")]
pub(crate) struct SetupArgs {
    /// javascript, python, java, go, dotnet or curl [default: all of them]
    #[arg(value_parser = client, value_name = "SDK")]
    sdk: Option<Attachable>,
    /// Write the gateway into the SDK's own config file, which attaches unchanged programs
    #[arg(long, requires = "sdk", conflicts_with = "undo")]
    write: bool,
    /// Restore the config file as it was before --write
    #[arg(long)]
    undo: bool,
    /// Where wraptap listens
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL", value_parser = address)]
    url: Address,
    /// How to print
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

pub(crate) fn run(args: &SetupArgs, _globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let chosen = args.sdk.map_or_else(|| ALL.to_vec(), |client| vec![client]);
    if args.undo {
        return undo(args, &chosen);
    }
    match args.sdk {
        Some(client) if args.write => write(args, client),
        _ => print(args, &chosen),
    }
}

/// Prints the code: bare for one client, so that it can be piped into a file; under a title each for all.
fn print(args: &SetupArgs, chosen: &[Attachable]) -> Result<CommandOutcome, CommandError> {
    let text = match args.format {
        OutputFormat::Json => terminal::document(json!({
            "url": args.url.to_string(),
            "snippets": chosen.iter().map(|client| json!({
                "sdk": client.name,
                "code": client.snippet(&args.url),
                "config_file": client.config_folder.map(|folder| format!("~/{folder}/config")),
            })).collect::<Vec<_>>(),
        })),
        OutputFormat::Text if chosen.len() == 1 => chosen[0].snippet(&args.url),
        OutputFormat::Text => {
            let bold = anstyle::Style::new().bold();
            let parts = chosen.iter().map(|client| {
                format!(
                    "{bold}{}{bold:#} (wraptap setup {})\n\n{}",
                    client.spoken,
                    client.name,
                    client.snippet(&args.url)
                )
            });
            parts.collect::<Vec<_>>().join("\n")
        }
    };
    terminal::write(&text)?;
    Ok(CommandOutcome::Fine)
}

fn write(args: &SetupArgs, client: Attachable) -> Result<CommandOutcome, CommandError> {
    let Some(file) = ConfigFile::find(client, &home()?) else {
        return Err(CommandError::input(anyhow::anyhow!("{} has no config file", client.spoken))
            .hint(format!("see how to attach it with `wraptap setup {}`", client.name)));
    };
    let written = file.attach(&args.url)?;
    let text = match args.format {
        OutputFormat::Json => terminal::document(json!({
            "sdk": client.name,
            "file": file.path().display().to_string(),
            "backup": written.backup.as_ref().map(|backup| backup.display().to_string()),
            "changes": written.changes.iter().map(change_document).collect::<Vec<_>>(),
        })),
        OutputFormat::Text => {
            let mut text = format!("{}\n", file.path().display());
            if written.changes.is_empty() {
                text.push_str("  is attached already; nothing changed\n");
            }
            for change in &written.changes {
                text.push_str(&format!("  [gateway] {} = {}", change.key, change.after));
                text.push_str(
                    &change.before.as_ref().map_or_else(String::new, |before| format!(" (was {before})")),
                );
                text.push('\n');
            }
            if let Some(backup) = &written.backup {
                text.push_str(&format!("  backup: {}\n", backup.display()));
            }
            text.push_str(
                &client.config_limit.map_or_else(String::new, |limit| format!("  note: {limit}\n")),
            );
            text.push_str(&format!("detach with `wraptap setup {} --undo`\n", client.name));
            text
        }
    };
    terminal::write(&text)?;
    Ok(CommandOutcome::Fine)
}

fn undo(args: &SetupArgs, chosen: &[Attachable]) -> Result<CommandOutcome, CommandError> {
    let home = home()?;
    let mut done = Vec::new();
    for file in chosen.iter().filter_map(|client| ConfigFile::find(*client, &home)) {
        let undone = file.detach()?;
        done.push((file, undone));
    }
    if args.sdk.is_none() {
        done.retain(|(_, undone)| *undone != UndoResult::NothingToUndo);
    }
    let text = match args.format {
        OutputFormat::Json => terminal::document(json!({
            "undone": done.iter().map(|(file, undone)| json!({
                "file": file.path().display().to_string(),
                "result": undone.word(),
                "set_aside": undone.set_aside().map(|path| path.display().to_string()),
            })).collect::<Vec<_>>(),
        })),
        OutputFormat::Text if done.is_empty() => {
            "nothing to undo: no config file was written by wraptap\n".to_owned()
        }
        OutputFormat::Text => {
            done.iter().map(|(file, undone)| format!("{}: {undone}\n", file.path().display())).collect()
        }
    };
    terminal::write(&text)?;
    Ok(CommandOutcome::Fine)
}

fn change_document(change: &Change) -> serde_json::Value {
    json!({"section": "gateway", "key": change.key, "before": change.before, "after": change.after})
}

fn home() -> Result<PathBuf, CommandError> {
    std::env::home_dir().filter(|home| home.is_absolute()).ok_or_else(|| {
        CommandError::input(anyhow::anyhow!("your home folder is not known"))
            .hint("set HOME; the SDKs read their config file in it")
    })
}

fn client(typed: &str) -> Result<Attachable, String> {
    Attachable::named(typed).ok_or_else(|| {
        let names: Vec<&str> = ALL.iter().map(|client| client.name).collect();
        format!("choose one of {}", names.join(", "))
    })
}

fn address(typed: &str) -> Result<Address, String> {
    typed.parse().map_err(|error| format!("{error}; write it as http://127.0.0.1:8080"))
}
