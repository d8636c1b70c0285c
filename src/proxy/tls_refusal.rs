//! Refuses TLS on a port without it, at once, so that the client does not wait for its timeout.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::proxy::context::WorkerContext;

/// A fatal alert: the protocol version is not supported.
const TLS_ALERT: [u8; 7] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46];
/// How long a refused connection waits for the client to read the alert.
const LINGER: Duration = Duration::from_secs(1);

/// Sends the alert and closes the connection.
pub(crate) async fn refuse(context: &WorkerContext, mut stream: TcpStream, address: SocketAddr) {
    let port = context.shared.access.port;
    context.shared.recorder.notices.send(format!(
        "a client at {address} spoke TLS to this plain-http port. Give the SDK the scheme: JavaScript `setGateway({{ \
         host: '127.0.0.1', port: {port}, protocol: 'http' }})`, others `http://127.0.0.1:{port}`; or start wraptap \
         with --tls"
    ));
    let closing = async {
        stream.write_all(&TLS_ALERT).await?;
        stream.shutdown().await?;
        let mut buffer = [0; 4096];
        while stream.read(&mut buffer).await? > 0 {}
        Ok::<_, std::io::Error>(())
    };
    // the client may be gone already
    let _ = timeout(LINGER, closing).await;
}
