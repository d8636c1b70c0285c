//! The socket of an upstream as the HTTP parser sees it: tapped, so that the head of every response is kept
//! as it came.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::net::head_rewriter::{HeadLines, HeadRewriter};
use crate::net::response_tap::ResponseTap;
use crate::net::stream::Stream;
use crate::net::trailer_case::TrailerLines;
use crate::sync;

/// The half that hyper reads and writes.
#[derive(Debug)]
pub struct UpstreamWire(UpstreamHandle);

/// The half that the exchanges keep.
#[derive(Clone, Debug)]
pub struct UpstreamHandle(Arc<Mutex<UpstreamState>>);

/// The state of an upstream connection.
#[derive(Debug)]
pub struct UpstreamState {
    stream: Stream,
    /// The heads of the current response.
    pub tap: ResponseTap,
    /// The error that ended the connection, if one did.
    pub broke: Option<io::ErrorKind>,
    /// Completes the heads of the requests.
    rewriter: HeadRewriter,
}

impl UpstreamState {
    /// Sets the lines of the request that is about to be sent, and prepares for its response.
    pub fn begin(&mut self, lines: HeadLines) {
        self.rewriter.set_lines(lines);
        self.tap.arm();
    }

    /// Sets the trailer section of the request.
    pub fn set_trailer(&mut self, lines: TrailerLines) {
        self.rewriter.set_trailer(lines);
    }
}

impl UpstreamHandle {
    /// Returns the state.
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
        let state = &mut *self.0.lock();
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut state.stream).poll_read(cx, buffer));
        match &read {
            Ok(()) => state.tap.feed(&buffer.filled()[before..]),
            Err(error) => state.broke = Some(error.kind()),
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
        let state = &mut *self.0.lock();
        state.rewriter.poll_write(&mut state.stream, cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.0.lock();
        ready!(state.rewriter.poll_pending(&mut state.stream, cx))?;
        Pin::new(&mut state.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.0.lock();
        ready!(state.rewriter.poll_pending(&mut state.stream, cx))?;
        Pin::new(&mut state.stream).poll_shutdown(cx)
    }
}
