//! Opens the listening sockets.

use std::io;
use std::net::{SocketAddr, TcpListener};

use crate::proxy::start_error::ProxyError;

/// How many free ports are tried until one is free on every address.
const TRIES: usize = 10;

/// Listens on every address; with port 0, all get the same free one.
pub(crate) fn listen(wanted: &[SocketAddr]) -> Result<Vec<(TcpListener, SocketAddr)>, ProxyError> {
    let any_port = wanted.iter().all(|address| address.port() == 0);
    for _ in 1..TRIES {
        match listen_once(wanted) {
            // the port that is free on the first address may be in use on the second
            Err(ProxyError::Listen { source, .. })
                if any_port && source.kind() == io::ErrorKind::AddrInUse => {}
            listening => return listening,
        }
    }
    listen_once(wanted)
}

fn listen_once(wanted: &[SocketAddr]) -> Result<Vec<(TcpListener, SocketAddr)>, ProxyError> {
    let mut listeners: Vec<(TcpListener, SocketAddr)> = Vec::new();
    for address in wanted {
        let mut address = *address;
        if address.port() == 0
            && let Some((_, first)) = listeners.first()
        {
            address.set_port(first.port());
        }
        match open(address) {
            Ok(listener) => listeners.push(listener),
            // machines without IPv6 have no ::1; 127.0.0.1 is enough
            Err(_) if !listeners.is_empty() && address.is_ipv6() && is_unavailable(address) => {}
            Err(source) => return Err(ProxyError::Listen { address, source }),
        }
    }
    Ok(listeners)
}

fn open(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let domain = socket2::Domain::for_address(address);
    let socket = socket2::Socket::new(domain, socket2::Type::STREAM, Some(socket2::Protocol::TCP))?;
    // a restart gets its port back at once; on Windows the option means something else
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(1024)?;
    socket.set_nonblocking(true)?;
    let listener = TcpListener::from(socket);
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Returns whether this machine does not have such an address.
fn is_unavailable(mut address: SocketAddr) -> bool {
    address.set_port(0);
    TcpListener::bind(address).is_err()
}
