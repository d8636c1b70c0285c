//! The page beside a recording: on a port of its own, which the proxy never forwards to.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use crate::baselines::folder;
use crate::command::attach::Attachable;
use crate::command::attach::address::Address;
use crate::command::record::args::RecordArgs;
use crate::command::ui;
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::Journal;
use crate::net::destination::is_loopback_name;
use crate::proxy::routes::Routes;
use crate::web::server::{AttachLine, PageConfig, Port, RunningPage, serve};

#[derive(Debug, thiserror::Error)]
#[error("the upstream {0} is the page of this recording, and clients of the proxy must not reach the page")]
struct UpstreamIsPage(String);

/// Starts the page if it is requested, or if stderr is a terminal and there is no command.
pub(super) fn serve_beside(
    args: &RecordArgs,
    globals: &Globals,
    routes: &Routes,
    journal: &Arc<Journal>,
) -> Result<Option<RunningPage>, CommandError> {
    let attended = args.command.is_empty() && !globals.quiet && std::io::stderr().is_terminal();
    let port = match args.ui {
        Some(Some(port)) => Port::Only(port),
        None if !attended || args.no_ui => return Ok(None),
        // an upstream may start later on this port
        _ if upstream_on(routes, ui::PORT).is_some() => Port::Only(0),
        _ => Port::Rather(ui::PORT),
    };
    let page = serve(PageConfig {
        recordings: vec![journal.path().to_owned()],
        port,
        baselines: PathBuf::from(folder::DEFAULT),
        journal: Some(Arc::clone(journal)),
    })
    .map_err(|error| ui::unserved(error, "wraptap record --ui 0 …"))?;
    // other names of this machine than these are refused by the page itself, which knows its own
    if let Some(name) = upstream_on(routes, page.address.port()) {
        return Err(CommandError::input(UpstreamIsPage(name))
            .hint("put the page on another port: `wraptap record --ui 0 …`"));
    }
    Ok(Some(page))
}

/// Returns the upstream that is a port of this machine.
fn upstream_on(routes: &Routes, port: u16) -> Option<String> {
    let mut upstreams = routes.upstreams().map(|upstream| (&upstream.server, &upstream.name));
    let found = upstreams.find(|(server, _)| server.port == port && is_loopback_name(&server.host));
    found.map(|(_, name)| name.clone())
}

/// Lets the page say where the recorder listens, and how the most frequent client is pointed there.
pub(super) fn show_attach(page: Option<&RunningPage>, url: &str) {
    let (Some(page), Ok(address), Some(client)) =
        (page, url.parse::<Address>(), Attachable::named("javascript"))
    else {
        return;
    };
    let code = client.snippet(&address);
    let lines: Vec<&str> = code.lines().filter(|line| !line.starts_with("//")).collect();
    page.show_attach(AttachLine { url: url.to_owned(), line: lines.join("\n") });
}
