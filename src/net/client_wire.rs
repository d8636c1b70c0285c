//! The client's socket as the HTTP parser sees it. The bytes are tapped, a client that goes away is noticed,
//! interim responses that hyper cannot write are inserted, and hyper's own error responses are held back
//! until the rejected head is recorded.

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
use crate::net::trailer_case::TrailerLines;
use crate::sync;

/// The half that hyper reads and writes.
#[derive(Debug)]
pub struct ClientWire(Arc<Mutex<ClientState>>);

/// The half that the connection and its exchanges keep.
#[derive(Clone, Debug)]
pub struct ClientHandle(Arc<Mutex<ClientState>>);

/// How a client went away before its response was complete.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientGone {
    /// It reset the connection: the response will not be read.
    Reset,
    /// It closed its sending side. It may still read (a half-close) or not (a close looks the same).
    Closed(Instant),
}

#[derive(Debug)]
struct ClientState {
    stream: Stream,
    tap: RequestTap,
    /// Completes the heads of the responses.
    rewriter: HeadRewriter,
    /// Interim responses that wait until hyper has written whole messages.
    interim: BytesMut,
    /// A response is being handed to hyper: what hyper writes is that response.
    open: bool,
    /// Like `open`, but true until the last byte of that response has left hyper's buffer.
    owed: bool,
    /// hyper's own response to a head that it rejected.
    rejection: Option<Vec<u8>>,
    /// hyper has written whole messages only: an interim response may follow.
    between_messages: bool,
    /// The bytes are another protocol's.
    raw: bool,
    /// The number of exchanges that are being recorded: until they are, the client gets no more bytes.
    held: u32,
    /// hyper has to write more, once nothing is held.
    wants_to_write: bool,
    gone: Option<ClientGone>,
    /// When it closed its sending side.
    closed: Option<Instant>,
}

impl ClientWire {
    /// Wraps a stream that was just accepted.
    pub fn new(stream: Stream) -> (Self, ClientHandle) {
        let state = Arc::new(Mutex::new(ClientState {
            stream,
            tap: RequestTap::default(),
            rewriter: HeadRewriter::default(),
            interim: BytesMut::new(),
            open: false,
            owed: false,
            rejection: None,
            between_messages: true,
            raw: false,
            held: 0,
            wants_to_write: false,
            gone: None,
            closed: None,
        }));
        (Self(Arc::clone(&state)), ClientHandle(state))
    }

    fn lock(&self) -> MutexGuard<'_, ClientState> {
        sync::lock(&self.0)
    }
}

impl ClientHandle {
    fn lock(&self) -> MutexGuard<'_, ClientState> {
        sync::lock(&self.0)
    }

    /// Takes the head of the request that hyper just parsed, and begins its response.
    pub fn begin_response(&self) -> Option<TappedHead> {
        let mut state = self.lock();
        state.open = true;
        state.owed = true;
        state.tap.next_head()
    }

    /// Sets the header lines of the response that hyper gets next.
    pub fn set_response_lines(&self, lines: HeadLines) {
        self.lock().rewriter.set_lines(lines);
    }

    /// Sets the trailer section of the response.
    pub fn set_trailer(&self, lines: TrailerLines) {
        self.lock().rewriter.set_trailer(lines);
    }

    /// Takes the trailer section of a request that `is_it`, as it came.
    pub fn take_trailer(&self, is_it: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        self.lock().tap.take_trailer(is_it)
    }

    /// hyper has all of the response; what it writes after that is its own.
    pub fn end_response(&self) {
        self.lock().open = false;
    }

    /// Holds back bytes and the end of the connection until `release` was called as often.
    pub fn hold(&self) {
        self.lock().held += 1;
    }

    /// Ends one `hold`: the client gets what was taken from hyper meanwhile.
    pub fn release(&self) {
        let state = &mut *self.lock();
        state.held = state.held.saturating_sub(1);
        if state.held > 0 {
            return;
        }
        let more = std::mem::take(&mut state.wants_to_write);
        let all_written = state.rewriter.write_pending(&mut state.stream);
        if more || !all_written {
            state.rewriter.wake_task();
        }
    }

    /// Adds an interim response, to be written when hyper flushes; the exchange has to be polled for that.
    pub fn send_interim(&self, bytes: &[u8]) {
        self.lock().interim.extend_from_slice(bytes);
    }

    /// From now on the bytes are another protocol's.
    pub fn go_raw(&self) {
        let mut state = self.lock();
        state.raw = true;
        state.tap.go_raw();
    }

    /// Takes hyper's response to a head that it rejected, and that head; `None` if it rejected none.
    pub fn take_rejected(&self) -> Option<(Vec<u8>, Option<TappedHead>)> {
        let mut state = self.lock();
        let response = state.rejection.take()?;
        let head = state.tap.take_refused();
        Some((response, head))
    }

    /// Takes a head that was not complete when the connection ended.
    pub fn take_incomplete_head(&self) -> Option<TappedHead> {
        self.lock().tap.take_refused()
    }

    /// Returns when a head that is not complete yet began.
    pub fn incomplete_head_since(&self) -> Option<Instant> {
        self.lock().tap.incomplete_head_since()
    }

    /// Returns whether there is neither a request being read nor a response being written.
    pub fn is_idle(&self) -> bool {
        let state = self.lock();
        !state.owed && state.tap.is_between_requests()
    }

    /// Is ready when the client goes away. For the time after the request was read, when hyper does not read.
    pub fn poll_gone(&self, cx: &mut Context<'_>) -> Poll<ClientGone> {
        let mut state = self.lock();
        if let Some(gone) = state.gone {
            return Poll::Ready(gone);
        }
        if !state.tap.is_between_requests() {
            return Poll::Pending;
        }
        let mut byte = [0];
        let Some(tcp) = state.stream.tcp() else { return Poll::Pending };
        let gone = match ready!(tcp.poll_peek(cx, &mut ReadBuf::new(&mut byte))) {
            Ok(0) => ClientGone::Closed(Instant::now()),
            Ok(_) => return Poll::Pending,
            Err(_) => ClientGone::Reset,
        };
        state.gone = Some(gone);
        if let ClientGone::Closed(at) = gone {
            state.closed = Some(at);
        }
        Poll::Ready(gone)
    }

    /// Returns when the client closed its sending side, if it did.
    pub fn closed_at(&self) -> Option<Instant> {
        self.lock().closed
    }

    /// Returns whether the client is known to have reset the connection, without a system call.
    pub fn is_reset(&self) -> bool {
        self.lock().gone == Some(ClientGone::Reset)
    }

    /// Returns how the client went away, as far as it is known.
    pub fn gone(&self) -> Option<ClientGone> {
        let mut state = self.lock();
        let error = state.stream.tcp().and_then(|tcp| tcp.take_error().ok().flatten());
        if error.is_some() {
            state.gone = Some(ClientGone::Reset);
        }
        state.gone
    }

    /// Writes to the socket. Only for a connection that hyper no longer serves.
    pub fn poll_write_directly(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let state = &mut *self.lock();
        ready!(state.poll_released(cx));
        ready!(state.rewriter.poll_pending(&mut state.stream, cx))?;
        Pin::new(&mut state.stream).poll_write(cx, bytes)
    }

    /// Closes the sending side. Only for a connection that hyper no longer serves.
    pub fn poll_close_directly(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.lock();
        ready!(state.poll_released(cx));
        ready!(state.rewriter.poll_pending(&mut state.stream, cx))?;
        ready!(Pin::new(&mut state.stream).poll_flush(cx))?;
        Pin::new(&mut state.stream).poll_shutdown(cx)
    }

    /// Reads from the socket. Only for a connection that hyper no longer serves.
    pub fn poll_read_directly(&self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().stream).poll_read(cx, buffer)
    }
}

impl ClientState {
    /// Writes the interim responses, unless hyper is in the middle of a message.
    fn poll_interim(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.between_messages || self.interim.is_empty() {
            return Poll::Ready(Ok(()));
        }
        ready!(self.rewriter.poll_pending(&mut self.stream, cx))?;
        while !self.interim.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.interim))?;
            self.interim.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    /// Pending while an exchange is being recorded.
    fn poll_released(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.held == 0 {
            return Poll::Ready(());
        }
        self.rewriter.remember_task(cx);
        self.wants_to_write = true;
        Poll::Pending
    }

    /// Takes the bytes if hyper writes an error response of its own; returns whether it does.
    fn take_rejection(&mut self, bytes: &[u8]) -> bool {
        if let Some(rejection) = &mut self.rejection {
            rejection.extend_from_slice(bytes);
            return true;
        }
        if self.owed || self.raw || !bytes.starts_with(b"HTTP/1.1 4") {
            return false;
        }
        self.rejection = Some(bytes.to_vec());
        true
    }
}

impl AsyncRead for ClientWire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.lock();
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut state.stream).poll_read(cx, buffer));
        match &read {
            Ok(()) => {
                let piece = &mut buffer.filled_mut()[before..];
                state.tap.feed(piece);
                for last_digit in state.tap.newer_versions() {
                    piece[*last_digit] = b'1';
                }
            }
            Err(_) => state.gone = Some(ClientGone::Reset),
        }
        if read.is_ok() && buffer.filled().len() == before && state.gone.is_none() {
            let now = Instant::now();
            state.gone = Some(ClientGone::Closed(now));
            state.closed = Some(now);
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
        let state = &mut *self.lock();
        if let Some(first) = slices.iter().find(|slice| !slice.is_empty())
            && state.take_rejection(first)
        {
            return Poll::Ready(Ok(first.len()));
        }
        if state.held > 0
            && state.interim.is_empty()
            && let Some(taken) = state.rewriter.take(slices)
        {
            // hyper can go on to the next request, and is not woken again to write a short response
            state.rewriter.remember_task(cx);
            return Poll::Ready(Ok(taken));
        }
        ready!(state.poll_released(cx));
        ready!(state.poll_interim(cx))?;
        state.between_messages = false;
        state.rewriter.poll_write(&mut state.stream, cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.lock();
        if !state.open {
            state.owed = false;
        }
        if state.held > 0 {
            state.rewriter.remember_task(cx);
            state.wants_to_write |= !state.interim.is_empty();
            return Poll::Ready(Ok(()));
        }
        // hyper flushes the stream only when its own buffer is empty
        ready!(state.rewriter.poll_pending(&mut state.stream, cx))?;
        state.between_messages = true;
        ready!(state.poll_interim(cx))?;
        Pin::new(&mut state.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.lock();
        ready!(state.poll_released(cx));
        if state.rejection.is_some() {
            return Poll::Ready(Ok(()));
        }
        ready!(state.rewriter.poll_pending(&mut state.stream, cx))?;
        Pin::new(&mut state.stream).poll_shutdown(cx)
    }
}
