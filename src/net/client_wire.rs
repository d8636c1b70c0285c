//! The client's socket as the HTTP parser sees it: tapped, watched for a client that goes away, open to interim
//! answers that hyper cannot write, and with hyper's own refusals held back until they are recorded.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::net::head_rewriter::{HeadLines, HeadRewriter};
use crate::net::request_tap::{RequestTap, TappedHead};
use crate::net::stream::Stream;
use crate::sync;

/// The half that hyper reads and writes.
#[derive(Debug)]
pub struct ClientWire(Arc<Mutex<ClientState>>);

/// The half that the connection and its exchanges keep.
#[derive(Clone, Debug)]
pub struct ClientHandle(Arc<Mutex<ClientState>>);

/// How a client went away while its answer was still owed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientGone {
    /// It reset the connection: nobody will read the answer.
    Reset,
    /// It closed its sending side; it may still read (a half-close) or not (a close looks the same).
    Closed(Instant),
}

#[derive(Debug)]
struct ClientState {
    stream: Stream,
    tap: RequestTap,
    /// Completes the heads of the answers.
    rewriter: HeadRewriter,
    /// Interim answers that wait until nothing of hyper's is in between.
    inject: BytesMut,
    /// An exchange is being answered: what hyper writes is its answer.
    open: bool,
    /// Like `open`, and also true until the last byte of that answer left hyper's buffer.
    owed: bool,
    /// What hyper wanted to answer by itself, to a head that it refused.
    refusal: Option<Vec<u8>>,
    /// Nothing of hyper's is half written: an interim answer may go in between.
    clean: bool,
    /// The bytes are another protocol's.
    raw: bool,
    /// Exchanges that wait to be recorded: until they are, the client gets nothing more.
    held: u32,
    /// hyper has something to write, once they are.
    waiting: bool,
    gone: Option<ClientGone>,
    /// When it closed its sending side.
    closed: Option<Instant>,
}

impl ClientWire {
    /// Wraps a stream that was just accepted.
    pub fn new(stream: Stream) -> (Self, ClientHandle) {
        let inner = Arc::new(Mutex::new(ClientState {
            stream,
            tap: RequestTap::default(),
            rewriter: HeadRewriter::default(),
            inject: BytesMut::new(),
            open: false,
            owed: false,
            refusal: None,
            clean: true,
            raw: false,
            held: 0,
            waiting: false,
            gone: None,
            closed: None,
        }));
        (Self(Arc::clone(&inner)), ClientHandle(inner))
    }

    fn lock(&self) -> MutexGuard<'_, ClientState> {
        sync::lock(&self.0)
    }
}

impl ClientHandle {
    fn lock(&self) -> MutexGuard<'_, ClientState> {
        sync::lock(&self.0)
    }

    /// Takes the head of the request that hyper just handed out, and opens its answer.
    pub fn begin(&self) -> Option<TappedHead> {
        let mut inner = self.lock();
        inner.open = true;
        inner.owed = true;
        inner.tap.next_head()
    }

    /// Has the head of the answer that is handed to hyper next carry these lines.
    pub fn answer(&self, lines: HeadLines) {
        self.lock().rewriter.set(lines);
    }

    /// The answer was handed to hyper to its end; what hyper writes once that left its buffer is hyper's own.
    pub fn answered(&self) {
        self.lock().open = false;
    }

    /// Lets nothing more through to the client, neither bytes nor the end, until `release` was called as often.
    pub fn hold(&self) {
        self.lock().held += 1;
    }

    /// Ends one `hold`: what was taken from hyper meanwhile goes to the client.
    pub fn release(&self) {
        let inner = &mut *self.lock();
        inner.held = inner.held.saturating_sub(1);
        if inner.held > 0 {
            return;
        }
        let more = std::mem::take(&mut inner.waiting);
        inner.rewriter.hand_over(&mut inner.stream, more);
    }

    /// Has an interim answer written as soon as hyper flushes; the exchange has to be polled for that.
    pub fn interim(&self, bytes: &[u8]) {
        self.lock().inject.extend_from_slice(bytes);
    }

    /// From now on the bytes are another protocol's.
    pub fn go_raw(&self) {
        let mut inner = self.lock();
        inner.raw = true;
        inner.tap.go_raw();
    }

    /// Returns what hyper wanted to answer to a head that it refused, and that head; `None` if it refused nothing.
    pub fn refused(&self) -> Option<(Vec<u8>, Option<TappedHead>)> {
        let mut inner = self.lock();
        let answer = inner.refusal.take()?;
        let head = inner.tap.refused();
        Some((answer, head))
    }

    /// Takes a head that was still coming in when the connection ended.
    pub fn unfinished(&self) -> Option<TappedHead> {
        self.lock().tap.refused()
    }

    /// Tells since when a head has been coming in.
    pub fn unfinished_head(&self) -> Option<Instant> {
        self.lock().tap.unfinished_head()
    }

    /// Tells whether no request is coming in or being answered.
    pub fn is_idle(&self) -> bool {
        let inner = self.lock();
        !inner.owed && inner.tap.is_between_requests()
    }

    /// Ready when the client goes away while hyper, its request read, does not look at the socket.
    pub fn poll_gone(&self, cx: &mut Context<'_>) -> Poll<ClientGone> {
        let mut inner = self.lock();
        if let Some(gone) = inner.gone {
            return Poll::Ready(gone);
        }
        if !inner.tap.is_between_requests() {
            return Poll::Pending;
        }
        let mut byte = [0];
        let Some(tcp) = inner.stream.tcp() else { return Poll::Pending };
        let gone = match ready!(tcp.poll_peek(cx, &mut ReadBuf::new(&mut byte))) {
            Ok(0) => ClientGone::Closed(Instant::now()),
            Ok(_) => return Poll::Pending,
            Err(_) => ClientGone::Reset,
        };
        inner.gone = Some(gone);
        if let ClientGone::Closed(at) = gone {
            inner.closed = Some(at);
        }
        Poll::Ready(gone)
    }

    /// Tells when the client closed its sending side, if it did.
    pub fn closed_at(&self) -> Option<Instant> {
        self.lock().closed
    }

    /// Tells whether the client is known to have reset the connection, without looking again.
    pub fn is_reset(&self) -> bool {
        self.lock().gone == Some(ClientGone::Reset)
    }

    /// Tells how the client went away, as far as that was noticed.
    pub fn gone(&self) -> Option<ClientGone> {
        let mut inner = self.lock();
        let error = inner.stream.tcp().and_then(|tcp| tcp.take_error().ok().flatten());
        if error.is_some() {
            inner.gone = Some(ClientGone::Reset);
        }
        inner.gone
    }

    /// Writes to the socket itself, behind hyper's back: only for a connection that hyper is done with.
    pub fn poll_write_directly(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let inner = &mut *self.lock();
        ready!(inner.poll_held(cx));
        ready!(inner.rewriter.poll_pending(&mut inner.stream, cx))?;
        Pin::new(&mut inner.stream).poll_write(cx, bytes)
    }

    /// Ends the sending side: only for a connection that hyper is done with.
    pub fn poll_close_directly(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inner = &mut *self.lock();
        ready!(inner.poll_held(cx));
        ready!(inner.rewriter.poll_pending(&mut inner.stream, cx))?;
        ready!(Pin::new(&mut inner.stream).poll_flush(cx))?;
        Pin::new(&mut inner.stream).poll_shutdown(cx)
    }

    /// Reads from the socket itself: only for a connection that hyper is done with.
    pub fn poll_read_directly(&self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().stream).poll_read(cx, buffer)
    }
}

impl ClientState {
    /// Writes the interim answers that wait, unless something of hyper's is half written.
    fn poll_inject(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.clean || self.inject.is_empty() {
            return Poll::Ready(Ok(()));
        }
        ready!(self.rewriter.poll_pending(&mut self.stream, cx))?;
        while !self.inject.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.inject))?;
            self.inject.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    /// Pending while an exchange waits to be recorded.
    fn poll_held(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.held == 0 {
            return Poll::Ready(());
        }
        self.rewriter.leave(cx);
        self.waiting = true;
        Poll::Pending
    }

    /// Tells whether hyper is writing on its own account; takes the bytes if so.
    fn holds_back(&mut self, bytes: &[u8]) -> bool {
        if let Some(refusal) = &mut self.refusal {
            refusal.extend_from_slice(bytes);
            return true;
        }
        if self.owed || self.raw || !bytes.starts_with(b"HTTP/1.1 4") {
            return false;
        }
        self.refusal = Some(bytes.to_vec());
        true
    }
}

impl AsyncRead for ClientWire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut inner = self.lock();
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut inner.stream).poll_read(cx, buffer));
        match &read {
            Ok(()) => {
                let piece = &mut buffer.filled_mut()[before..];
                inner.tap.feed(piece);
                for end in inner.tap.newer_versions() {
                    piece[*end] = b'1';
                }
            }
            Err(_) => inner.gone = Some(ClientGone::Reset),
        }
        if read.is_ok() && buffer.filled().len() == before && inner.gone.is_none() {
            let now = Instant::now();
            inner.gone = Some(ClientGone::Closed(now));
            inner.closed = Some(now);
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for ClientWire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let inner = &mut *self.lock();
        if let Some(first) = slices.iter().find(|slice| !slice.is_empty())
            && inner.holds_back(first)
        {
            return Poll::Ready(Ok(first.len()));
        }
        if inner.held > 0
            && inner.inject.is_empty()
            && let Some(taken) = inner.rewriter.take(slices)
        {
            // hyper can go on to the next request, and need not be woken to write a short answer
            inner.rewriter.leave(cx);
            return Poll::Ready(Ok(taken));
        }
        ready!(inner.poll_held(cx));
        ready!(inner.poll_inject(cx))?;
        inner.clean = false;
        inner.rewriter.poll_write(&mut inner.stream, cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inner = &mut *self.lock();
        if !inner.open {
            inner.owed = false;
        }
        if inner.held > 0 {
            inner.rewriter.leave(cx);
            inner.waiting |= !inner.inject.is_empty();
            return Poll::Ready(Ok(()));
        }
        // hyper flushes the stream only when its own buffer is empty
        ready!(inner.rewriter.poll_pending(&mut inner.stream, cx))?;
        inner.clean = true;
        ready!(inner.poll_inject(cx))?;
        Pin::new(&mut inner.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inner = &mut *self.lock();
        ready!(inner.poll_held(cx));
        if inner.refusal.is_some() {
            return Poll::Ready(Ok(()));
        }
        ready!(inner.rewriter.poll_pending(&mut inner.stream, cx))?;
        Pin::new(&mut inner.stream).poll_shutdown(cx)
    }
}
