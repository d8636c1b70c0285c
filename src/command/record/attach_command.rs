//! Attaches the command of `record -- COMMAND`: which hosts it reaches through wraptap, and what else it
//! gets.

use ring::rand::{SecureRandom, SystemRandom};

use crate::command::args::outbound;
use crate::command::record::args::RecordArgs;
use crate::command::record::attach::{AttachSettings, Attached, ProxiedHosts};
use crate::error::CommandError;
use crate::journal::NoRandom;
use crate::net::local_ca::LocalCa;
use crate::proxy::routes::Routes;
use crate::proxy::server::ProxyServer;
use crate::proxy::tunnel::Tunnels;

/// Returns the hosts that the command reaches through wraptap, and a new password for the way to others;
/// `None` without `--tls`, and where the upstream is this machine and no region is named.
pub(super) fn proxied(args: &RecordArgs, routes: &Routes) -> Result<Option<ProxiedHosts>, CommandError> {
    let named = routes.hosts.iter().map(|host| host.name.clone());
    let upstreams = routes.upstreams().map(|upstream| &upstream.server);
    let servers = upstreams.filter(|server| server.secure && !server.is_loopback());
    let mut hosts: Vec<String> = named.chain(servers.map(|server| server.host.clone())).collect();
    hosts.sort();
    hosts.dedup();
    if hosts.is_empty() || !args.tls || args.command.is_empty() {
        return Ok(None);
    }
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| CommandError::machine(NoRandom))?;
    Ok(Some(ProxiedHosts { hosts, password: bytes.map(|byte| format!("{byte:02x}")).concat() }))
}

/// Returns how the command reaches all other hosts: as it would without wraptap.
pub(super) fn tunnels(
    args: &RecordArgs,
    proxied: Option<&ProxiedHosts>,
) -> Result<Option<Tunnels>, CommandError> {
    let Some(proxied) = proxied else { return Ok(None) };
    let (proxy, exceptions) = outbound::for_any(args.upstream_proxy.as_deref())?;
    Ok(Some(Tunnels { password: proxied.password.clone(), proxy, exceptions }))
}

/// Attaches the command.
pub(super) fn attached(
    args: &RecordArgs,
    running: &ProxyServer,
    authority: &LocalCa,
    proxied: Option<ProxiedHosts>,
) -> Result<Attached, CommandError> {
    let hosts = proxied.as_ref().map(|proxied| proxied.hosts.join(" and "));
    let mut attached = Attached::new(&AttachSettings {
        url: &running.url(),
        authority: &authority.certificate,
        own_home: args.own_home,
        tls: args.tls,
        proxied,
    })?;
    if args.tls {
        attached.notes.push(hosts.map_or_else(
            || {
                "the upstream is this machine, so the command reaches no host through wraptap; add `--region \
                 mypurecloud.de` to --upstream to make it answer for the region's hosts"
                    .to_owned()
            },
            |hosts| {
                format!(
                    "the command reaches {hosts} through wraptap; what it sends elsewhere is not recorded"
                )
            },
        ));
    }
    Ok(attached)
}
