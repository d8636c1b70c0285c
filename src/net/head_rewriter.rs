//! Replaces the header lines of the heads that hyper writes: hyper decides about the framing, the lines are
//! those that came over the other wire, in their order and with their letter case.
//!
//! hyper keeps header lines in a map, which loses both. So hyper gets no lines to write; its head, with the
//! start line and what hyper says about the body, is completed on its way to the socket.

use std::io::{self, IoSlice};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::io::AsyncWrite;

use crate::net::trailer_case::TrailerLines;

/// The header lines of a head that is about to be written.
#[derive(Clone, Debug, Default)]
pub struct HeadLines {
    /// `name: value`, each with its line end.
    pub bytes: Vec<u8>,
    /// There is a Content-Length among them.
    pub has_length: bool,
    /// Where the Transfer-Encoding is among them. It is written where hyper writes one of its own.
    pub transfer_encoding: Option<Range<usize>>,
}

/// The largest message that is copied to be written later.
const COPY_LIMIT: usize = 4096;

/// With more pending bytes than this, no more are taken.
const PENDING_LIMIT: usize = 64 * 1024;

/// How many of hyper's pieces are written together with a head; hyper rarely has more than two.
const MAX_PIECES: usize = 8;

/// The beginning of hyper's own response to `Expect: 100-continue`, which may precede a final head.
const CONTINUE: &[u8] = b"HTTP/1.1 100 ";

/// Completes heads on the way from hyper to one socket.
#[derive(Debug, Default)]
pub struct HeadRewriter {
    /// The lines of the next head.
    lines: Option<HeadLines>,
    /// The trailer section that ends the current message.
    trailer: Option<TrailerLines>,
    /// Bytes that hyper considers written and the stream has not taken yet.
    pending: Vec<u8>,
    /// How many of them the stream has taken.
    written: usize,
    /// The connection's own task, while others may write for it.
    task: Option<Waker>,
}

impl HeadRewriter {
    /// Sets the lines of the next head that hyper writes.
    pub fn set_lines(&mut self, lines: HeadLines) {
        self.lines = Some(lines);
        self.trailer = None;
    }

    /// Sets the trailer section that hyper writes next.
    pub fn set_trailer(&mut self, trailer: TrailerLines) {
        self.trailer = Some(trailer);
    }

    /// Takes all of what hyper writes, to be written later; `None` if it is too large to be copied.
    pub fn take(&mut self, pieces: &[IoSlice<'_>]) -> Option<usize> {
        let length = pieces.iter().map(|piece| piece.len()).sum();
        if length > COPY_LIMIT || self.pending.len() > PENDING_LIMIT {
            return None;
        }
        let (first, others) = pieces.split_first()?;
        let end = self.complete_head(first).unwrap_or(0);
        let from = self.pending.len();
        self.pending.extend_from_slice(&first[end..]);
        others.iter().for_each(|piece| self.pending.extend_from_slice(piece));
        if let Some((at, wanted)) = self.trailer.as_ref().and_then(|trailer| trailer.find(pieces)) {
            let before: usize = pieces[..at].iter().map(|piece| piece.len()).sum();
            let start = from + before - end;
            self.pending[start..start + wanted.len()].copy_from_slice(wanted);
            self.trailer = None;
        }
        Some(length)
    }

    /// Writes what hyper writes; returns how many of its bytes are done with.
    pub fn poll_write<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_pending(stream, cx))?;
        // hyper's buffer, which begins with the head, is the first of its pieces
        let Some((first, others)) = pieces.split_first() else { return Poll::Ready(Ok(0)) };
        if self.lines.is_none() && self.trailer.is_none() {
            return match others {
                [] => Pin::new(stream).poll_write(cx, first),
                _ => Pin::new(stream).poll_write_vectored(cx, pieces),
            };
        }
        let end = self.complete_head(first).unwrap_or(0);
        let mut all = [IoSlice::new(&[]); MAX_PIECES];
        all[0] = IoSlice::new(&self.pending);
        all[1] = IoSlice::new(&first[end..]);
        for (slot, piece) in all[2..].iter_mut().zip(others) {
            *slot = IoSlice::new(piece);
        }
        if let Some((at, wanted)) = self.trailer.as_ref().and_then(|trailer| trailer.find(pieces))
            && let Some(slot) = all.get_mut(at + 1)
        {
            *slot = IoSlice::new(wanted);
        }
        let written = match Pin::new(stream).poll_write_vectored(cx, &all)? {
            Poll::Ready(written) => written,
            // when hyper writes again, the head is done with
            Poll::Pending if end > 0 => 0,
            Poll::Pending => return Poll::Pending,
        };
        let beyond = written.saturating_sub(self.pending.len());
        self.advance(written.min(self.pending.len()));
        if self.trailer.as_mut().is_some_and(|trailer| trailer.advance(pieces, end + beyond)) {
            self.trailer = None;
        }
        Poll::Ready(Ok(end + beyond))
    }

    /// Remembers the connection's own task, for `write_pending`.
    pub fn remember_task(&mut self, cx: &Context<'_>) {
        if !self.task.as_ref().is_some_and(|task| task.will_wake(cx.waker())) {
            self.task = Some(cx.waker().clone());
        }
    }

    /// Writes the pending bytes on behalf of the connection's own task. Returns whether the stream took all
    /// of them; if not, the task has to be woken.
    pub fn write_pending<S: AsyncWrite + Unpin>(&mut self, stream: &mut S) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let written = match self.poll_pending(stream, &mut cx) {
            Poll::Ready(Ok(())) => Pin::new(stream).poll_flush(&mut cx),
            not_yet => not_yet,
        };
        matches!(written, Poll::Ready(Ok(())))
    }

    /// Wakes the task of `remember_task`.
    pub fn wake_task(&self) {
        if let Some(task) = &self.task {
            task.wake_by_ref();
        }
    }

    /// Writes the bytes that hyper considers written already.
    pub fn poll_pending<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while self.written < self.pending.len() {
            let written = ready!(Pin::new(&mut *stream).poll_write(cx, &self.pending[self.written..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    fn advance(&mut self, written: usize) {
        self.written += written;
        if self.written == self.pending.len() {
            self.written = 0;
            if self.pending.capacity() > 4 * COPY_LIMIT {
                self.pending = Vec::new();
            }
            self.pending.clear();
        }
    }

    /// Adds the head at the beginning of `bytes`, with its lines, to the pending bytes; returns its length in
    /// `bytes`, or `None` if there are no lines for it.
    fn complete_head(&mut self, bytes: &[u8]) -> Option<usize> {
        let lines = self.lines.as_ref()?;
        let mut written_by_hyper = memchr::memchr_iter(b'\n', bytes)
            .scan(0, |from, feed| Some(&bytes[std::mem::replace(from, feed + 1)..=feed]));
        let mut start = written_by_hyper.next()?;
        let mut end = start.len();
        while start.starts_with(CONTINUE) {
            let empty = written_by_hyper.next()?;
            self.pending.extend_from_slice(&bytes[end - start.len()..end + empty.len()]);
            end += empty.len();
            let Some(next) = written_by_hyper.next() else { return Some(end) };
            start = next;
            end += start.len();
        }
        self.pending.extend_from_slice(start);
        let own_coding = b"transfer-encoding:";
        let rest = &bytes[end..];
        let codes = || {
            let lines = rest.split(|byte| *byte == b'\n').take_while(|line| *line != b"\r");
            lines.into_iter().any(|line| line.starts_with(own_coding))
        };
        let coding = lines.transfer_encoding.clone();
        match coding.clone().filter(|_| !codes()) {
            Some(unused) => {
                self.pending.extend_from_slice(&lines.bytes[..unused.start]);
                self.pending.extend_from_slice(&lines.bytes[unused.end..]);
            }
            None => self.pending.extend_from_slice(&lines.bytes),
        }
        for line in written_by_hyper {
            end += line.len();
            if line == b"\r\n" {
                break;
            }
            let repeated = (line.starts_with(b"content-length:") && lines.has_length)
                || (line.starts_with(own_coding) && coding.is_some());
            if !repeated && !line.starts_with(b"trailer:") {
                self.pending.extend_from_slice(line);
            }
        }
        self.pending.extend_from_slice(b"\r\n");
        self.lines = None;
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that takes a few bytes at a time, and nothing every other time.
    struct Slow {
        written: Vec<u8>,
        most: usize,
        ready: bool,
    }

    impl AsyncWrite for Slow {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.ready = !self.ready;
            if !self.ready {
                return Poll::Pending;
            }
            let taken = bytes.len().min(self.most);
            self.written.extend_from_slice(&bytes[..taken]);
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// Writes as hyper does: what the stream did not take is written again.
    fn written(rewriter: &mut HeadRewriter, most: usize, head: &str, body: &str) -> String {
        let mut stream = Slow { written: Vec::new(), most, ready: false };
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let (mut head, mut body) = (head.as_bytes(), body.as_bytes());
        while !head.is_empty() || !body.is_empty() {
            let pieces = [IoSlice::new(head), IoSlice::new(body)];
            let pieces = if head.is_empty() { &pieces[1..] } else { &pieces[..] };
            if let Poll::Ready(done) = rewriter.poll_write(&mut stream, &mut cx, pieces) {
                let done = done.unwrap();
                let from_head = done.min(head.len());
                head = &head[from_head..];
                body = &body[done - from_head..];
            }
        }
        while rewriter.poll_pending(&mut stream, &mut cx).is_pending() {}
        String::from_utf8(stream.written).unwrap()
    }

    fn lines(bytes: &str) -> HeadLines {
        let coding = bytes.find("Transfer-Encoding").map(|at| at..at + bytes[at..].find('\n').unwrap() + 1);
        HeadLines { bytes: bytes.into(), has_length: bytes.contains("ength"), transfer_encoding: coding }
    }

    #[test]
    fn the_lines_take_the_place_of_hypers_however_little_the_stream_takes() {
        let body = "x".repeat(COPY_LIMIT + 1);
        for body in ["", "{}", &body] {
            for most in [1, 7, 50, 10_000] {
                let mut rewriter = HeadRewriter::default();
                rewriter.set_lines(lines("X-b: 1\r\na: 2\r\nX-b: 3\r\nContent-Length: 2\r\n"));
                let head = "PUT /x HTTP/1.1\r\ncontent-length: 2\r\n\r\n";
                let whole =
                    format!("PUT /x HTTP/1.1\r\nX-b: 1\r\na: 2\r\nX-b: 3\r\nContent-Length: 2\r\n\r\n{body}");
                assert_eq!(written(&mut rewriter, most, head, body), whole);
                assert_eq!(written(&mut rewriter, most, "more\r\n\r\n", body), format!("more\r\n\r\n{body}"));
            }
        }
    }

    #[test]
    fn what_hyper_says_about_body_and_connection_is_kept() {
        let mut rewriter = HeadRewriter::default();
        rewriter.set_lines(lines("A: 1\r\nTrailer: t\r\n"));
        let head = "HTTP/1.1 200 OK\r\ntrailer: t\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
        assert_eq!(
            written(&mut rewriter, 9, head, "0\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nA: 1\r\nTrailer: t\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n"
        );
    }

    #[test]
    fn a_transfer_encoding_is_written_where_hyper_writes_one() {
        let own = "X: 1\r\nTransfer-Encoding: gzip, chunked\r\nY: 2\r\n";
        for (by_hyper, expected) in [("transfer-encoding: chunked\r\n", own), ("", "X: 1\r\nY: 2\r\n")] {
            let mut rewriter = HeadRewriter::default();
            rewriter.set_lines(lines(own));
            let head = format!("HTTP/1.1 200 OK\r\n{by_hyper}\r\n");
            assert_eq!(written(&mut rewriter, 9, &head, "b"), format!("HTTP/1.1 200 OK\r\n{expected}\r\nb"));
        }
    }

    /// Writes pieces as hyper does: those that were not taken are offered again.
    fn written_in_pieces(rewriter: &mut HeadRewriter, most: usize, pieces: &[&[u8]]) -> String {
        let mut stream = Slow { written: Vec::new(), most, ready: false };
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut left: Vec<&[u8]> = pieces.to_vec();
        while !left.is_empty() {
            let offered: Vec<IoSlice<'_>> = left.iter().map(|piece| IoSlice::new(piece)).collect();
            let Poll::Ready(done) = rewriter.poll_write(&mut stream, &mut cx, &offered) else { continue };
            let mut done = done.unwrap();
            left.retain_mut(|piece| {
                let used = done.min(piece.len());
                done -= used;
                *piece = &piece[used..];
                !piece.is_empty()
            });
        }
        while rewriter.poll_pending(&mut stream, &mut cx).is_pending() {}
        String::from_utf8(stream.written).unwrap()
    }

    #[test]
    fn a_trailer_section_gets_its_spelling_and_no_data_does() {
        let trailer =
            || TrailerLines::new(b"x-b: 1\r\na: 2\r\n".to_vec(), b"A: 2\r\nX-B: 1\r\n".to_vec()).unwrap();
        // the data of the first chunk looks like the section
        let pieces: [&[u8]; 6] =
            [b"e\r\n", b"x-b: 1\r\na: 2\r\n", b"\r\n", b"0\r\n", b"x-b: 1\r\na: 2\r\n", b"\r\n"];
        let expected = "e\r\nx-b: 1\r\na: 2\r\n\r\n0\r\nA: 2\r\nX-B: 1\r\n\r\n";
        for most in 1..60 {
            let mut rewriter = HeadRewriter::default();
            rewriter.set_trailer(trailer());
            assert_eq!(written_in_pieces(&mut rewriter, most, &pieces), expected, "{most}");
            assert!(rewriter.trailer.is_none());
        }
        let mut rewriter = HeadRewriter::default();
        rewriter.set_trailer(trailer());
        let slices: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        rewriter.take(&slices).unwrap();
        assert_eq!(rewriter.pending, expected.as_bytes());
    }

    #[test]
    fn hypers_own_100_precedes_the_completed_head() {
        let mut rewriter = HeadRewriter::default();
        rewriter.set_lines(lines("A: 1\r\n"));
        let bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
        assert_eq!(
            written(&mut rewriter, 5, bytes, "b"),
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n\r\nb"
        );
    }
}
