//! The socket of an upstream as the HTTP parser sees it: tapped, so that every answer's head is kept as it came.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::net::head_rewriter::{HeadLines, HeadRewriter};
use crate::net::response_tap::ResponseTap;
use crate::net::stream::Stream;
use crate::sync;

/// The half that hyper reads and writes.
#[derive(Debug)]
pub struct UpstreamWire(UpstreamHandle);

/// The half that the exchanges keep.
#[derive(Clone, Debug)]
pub struct UpstreamHandle(Arc<Mutex<UpstreamState>>);

/// What is known of an upstream connection.
#[derive(Debug)]
pub struct UpstreamState {
    stream: Stream,
    /// The heads of the current answer.
    pub tap: ResponseTap,
    /// The error that ended the connection, if one did.
    pub broke: Option<io::ErrorKind>,
    /// Completes the heads of the requests.
    rewriter: HeadRewriter,
    waits: Batching,
}

/// Whether a short request waits for others, to be sent with them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Batching {
    /// It may: its head is about to be written.
    Head,
    /// It does, with all that is written meanwhile.
    Taken,
    /// It does not, and what is written is sent.
    No,
}

impl UpstreamState {
    /// Has the request that is about to be sent carry these lines, and listens for its answer.
    ///
    /// If it is short and `waits` for others, it is sent by `hand_over`.
    pub fn begin(&mut self, lines: HeadLines, waits: bool) {
        self.rewriter.set(lines);
        self.waits = if waits { Batching::Head } else { Batching::No };
        self.tap.arm();
    }

    /// Tells whether a request waits to be handed over.
    pub fn has_pending(&self) -> bool {
        self.waits == Batching::Taken
    }

    /// Sends what waits; from now on nothing waits any more.
    pub fn hand_over(&mut self) {
        self.waits = Batching::No;
        self.rewriter.hand_over(&mut self.stream, false);
    }
}

impl UpstreamHandle {
    /// Returns what is known so far.
    pub fn lock(&self) -> MutexGuard<'_, UpstreamState> {
        sync::lock(&self.0)
    }
}

impl UpstreamWire {
    /// Wraps a connected stream.
    pub fn new(stream: Stream) -> (Self, UpstreamHandle) {
        let handle = UpstreamHandle(Arc::new(Mutex::new(UpstreamState {
            stream,
            tap: ResponseTap::default(),
            broke: None,
            rewriter: HeadRewriter::default(),
            waits: Batching::No,
        })));
        (Self(handle.clone()), handle)
    }
}

impl AsyncRead for UpstreamWire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let inner = &mut *self.0.lock();
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut inner.stream).poll_read(cx, buffer));
        match &read {
            Ok(()) => inner.tap.feed(&buffer.filled()[before..]),
            Err(error) => inner.broke = Some(error.kind()),
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for UpstreamWire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let inner = &mut *self.0.lock();
        if inner.waits != Batching::No {
            if let Some(taken) = inner.rewriter.take(slices) {
                inner.waits = Batching::Taken;
                inner.rewriter.leave(cx);
                return Poll::Ready(Ok(taken));
            }
            inner.waits = Batching::No;
        }
        inner.rewriter.poll_write(&mut inner.stream, cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inner = &mut *self.0.lock();
        if inner.has_pending() {
            return Poll::Ready(Ok(()));
        }
        ready!(inner.rewriter.poll_pending(&mut inner.stream, cx))?;
        Pin::new(&mut inner.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inner = &mut *self.0.lock();
        ready!(inner.rewriter.poll_pending(&mut inner.stream, cx))?;
        Pin::new(&mut inner.stream).poll_shutdown(cx)
    }
}
