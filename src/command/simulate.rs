//! `simulate`: runs the strict wrap-up API simulator, or prints its rules and what it holds.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde_json::json;

use crate::command::CommandOutcome;
use crate::command::terminal::output;
use crate::command::terminal::signals::Signals;
use crate::command::terminal::{self, OutputFormat};
use crate::config::Globals;
use crate::error::CommandError;
use crate::simulator::rules;
use crate::simulator::seeds;
use crate::simulator::{LoopbackError, Settings, SimulatorOptions, serve};

#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap simulate
  wraptap record --upstream http://127.0.0.1:8081    (in another terminal: record what is sent)",
    after_help = "Two vocabularies: /api/v2/conversations/… of the SDKs and \
/api/v2/interactions/… of forum threads. Every response names its rule:
  x-wraptap-simulator: RULE (documented | forum claim | assumption)

Log in with any client id and any secret but `wrong`, or without a login send
  Authorization: Bearer simulator-user

An interaction goes from active to WRAPUP by POST …/disconnect, to closed by an \
accepted code, and can be changed again 2 s later. A conversation goes from connected to \
pending by PATCH {\"state\":\"disconnected\"}, to complete by an accepted code.

  GET /_simulator/state                    shows every state
  PUT /_simulator/interactions/{id}        sets one: {\"state\":\"settling\"}
  PUT /_simulator/conversations/{id}       {\"state\":\"pending\",\"media\":\"emails\"}

`wraptap simulate --seeds` lists the ids, codes, clients and tokens;
`wraptap simulate --rules` lists what is accepted and refused, and why."
)]
pub(crate) struct SimulateArgs {
    /// Where to listen; loopback only, port 0 means any free port
    #[arg(long, default_value = "127.0.0.1:8081", value_name = "[ADDR:]PORT", value_parser = listen)]
    listen: SocketAddr,
    /// Treat every well-formed id as ready and keep no state: a response depends on its request alone
    #[arg(long, conflicts_with = "test_clock")]
    fresh: bool,
    /// Stop the clock; only POST /_simulator/advance {"ms":N} moves it
    #[arg(long)]
    test_clock: bool,
    /// Respond with 429 to more than N requests per minute with one token [default: no limit]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rate_limit: Option<u64>,
    /// Print the rules and exit
    #[arg(long, conflicts_with_all = ["seeds", "fresh", "test_clock", "rate_limit"])]
    rules: bool,
    /// Print the initial ids, codes, clients and tokens and exit
    #[arg(long, conflicts_with_all = ["fresh", "test_clock", "rate_limit"])]
    seeds: bool,
    /// How --rules and --seeds print
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

pub(crate) fn run(args: &SimulateArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let text = match (args.rules, args.seeds, args.format) {
        (true, _, OutputFormat::Text) => rules_text(),
        (true, _, OutputFormat::Json) => rules_json(),
        (_, true, OutputFormat::Text) => seeds_text(),
        (_, true, OutputFormat::Json) => seeds_json(),
        _ => return simulate(args, globals),
    };
    terminal::write(&text)?;
    Ok(CommandOutcome::Fine)
}

fn simulate(args: &SimulateArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let settings = Settings { fresh: args.fresh, test_clock: args.test_clock, rate_limit: args.rate_limit };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let running = serve(SimulatorOptions { listen: args.listen, settings })
            .await
            .map_err(|error| refusal(error, args.listen))?;
        if !globals.quiet {
            writeln!(output::stderr(), "listening on {}", running.url())?;
        }
        signals.next().await;
        tokio::select! {
            () = running.stop() => Ok(CommandOutcome::Fine),
            _ = signals.next() => Ok(CommandOutcome::Status(130)),
        }
    })
}

fn refusal(error: LoopbackError, listen: SocketAddr) -> CommandError {
    match error {
        LoopbackError::NotLoopback(_) => CommandError::input(error)
            .hint(format!("listen on this machine only: `wraptap simulate --listen {}`", listen.port())),
        LoopbackError::Bind { .. } => {
            CommandError::machine(error).hint("use any free port: `wraptap simulate --listen 127.0.0.1:0`")
        }
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let named = text.replacen("localhost:", "127.0.0.1:", 1);
    let port = named.parse().map(|port| SocketAddr::new(local, port));
    port.or_else(|_| named.parse()).map_err(|_| {
        "give a port, or an IP address and a port such as 127.0.0.1:8081 or [::1]:8081".to_owned()
    })
}

fn rules_text() -> String {
    let bold = anstyle::Style::new().bold();
    let mut text = String::new();
    for rule in rules::all() {
        text.push_str(&format!("{bold}{}{bold:#} ({}; {})\n", rule.name, rule.basis, rule.vocabulary.name()));
        text.push_str(&format!("  {}\n  source: {}\n", rule.says, rule.source));
    }
    text
}

fn rules_json() -> String {
    let list: Vec<_> = rules::all()
        .map(|rule| {
            json!({
                "name": rule.name,
                "basis": rule.basis.name(),
                "vocabulary": rule.vocabulary.name(),
                "says": rule.says,
                "source": rule.source,
            })
        })
        .collect();
    terminal::document(json!({ "rules": list }))
}

fn seeds_text() -> String {
    let bold = anstyle::Style::new().bold();
    let mut text = String::new();
    let mut kind = "";
    for seed in seeds::all() {
        if seed.kind != kind {
            kind = seed.kind;
            text.push_str(&format!("{bold}{kind}{bold:#}\n"));
        }
        text.push_str(&format!("  {:<36}  {}\n", seed.id, seed.what));
    }
    text
}

fn seeds_json() -> String {
    let list: Vec<_> =
        seeds::all().map(|seed| json!({ "kind": seed.kind, "id": seed.id, "what": seed.what })).collect();
    terminal::document(json!({ "seeds": list }))
}

#[cfg(test)]
mod tests {
    use super::listen;

    #[test]
    fn an_address_may_be_left_out() {
        for (text, address) in [
            ("8081", "127.0.0.1:8081"),
            ("localhost:0", "127.0.0.1:0"),
            ("[::1]:7", "[::1]:7"),
            ("10.0.0.1:7", "10.0.0.1:7"),
        ] {
            assert_eq!(listen(text).unwrap().to_string(), address);
        }
        for text in ["", "x", "127.0.0.1", "99999", "example.com:80"] {
            assert!(listen(text).is_err(), "{text}");
        }
    }
}
