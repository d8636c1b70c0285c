//! The socket of an upstream as the HTTP parser sees it: tapped, so that every answer's head is kept as it came.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::net::response_tap::ResponseTap;
use crate::net::splice::{Lines, Splice};

/// An upstream's stream, in clear or inside TLS.
#[derive(Debug)]
pub enum UpstreamStream {
    /// In clear.
    Plain(TcpStream),
    /// Inside TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

/// The half that hyper reads and writes.
#[derive(Debug)]
pub struct UpstreamWire {
    stream: UpstreamStream,
    tap: SharedTap,
}

/// The tap of one upstream connection.
#[derive(Clone, Debug, Default)]
pub struct SharedTap(Arc<Mutex<Heard>>);

/// What was heard on an upstream connection.
#[derive(Debug, Default)]
pub struct Heard {
    /// The heads of the current answer.
    pub tap: ResponseTap,
    /// The error that ended the connection, if one did.
    pub broke: Option<io::ErrorKind>,
    /// The upstream closed the connection.
    pub closed: bool,
    /// Completes the heads of the requests.
    splice: Splice,
}

impl Heard {
    /// Has the request that is about to be sent carry these lines, and listens for its answer.
    pub fn begin(&mut self, lines: Lines) {
        self.splice.set(lines);
        self.tap.arm();
    }
}

impl SharedTap {
    /// Returns what was heard so far.
    pub fn lock(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UpstreamWire {
    /// Wraps a connected stream.
    pub fn new(stream: UpstreamStream) -> (Self, SharedTap) {
        let tap = SharedTap::default();
        (Self { stream, tap: tap.clone() }, tap)
    }
}

impl AsyncRead for UpstreamWire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut this.stream).poll_read(cx, buffer));
        let mut heard = this.tap.lock();
        match &read {
            Ok(()) => heard.tap.feed(&buffer.filled()[before..]),
            Err(error) => heard.broke = Some(error.kind()),
        }
        heard.closed |= read.is_ok() && buffer.filled().len() == before;
        Poll::Ready(read)
    }
}

impl AsyncWrite for UpstreamWire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(octets)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.tap.lock().splice.poll_write(&mut this.stream, cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.tap.lock().splice.poll_pending(&mut this.stream, cx))?;
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.tap.lock().splice.poll_pending(&mut this.stream, cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}

impl AsyncRead for UpstreamStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for UpstreamStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, octets),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, octets),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
