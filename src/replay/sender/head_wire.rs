//! A connection on which the head that hyper writes is replaced by one given beforehand, so that the case,
//! the order and the duplicates of a recorded head go over the wire as they were recorded.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::net::upstream_wire::UpstreamWire;

/// One connection for one request.
#[derive(Debug)]
pub(super) struct HeadWire {
    inner: UpstreamWire,
    head: Vec<u8>,
    /// How much of the head was written.
    written: usize,
    /// How many bytes of the empty line behind hyper's head were seen; 4 and the rest is body.
    ending: usize,
}

const END: &[u8; 4] = b"\r\n\r\n";

impl HeadWire {
    /// Wraps a connection; `head` includes the empty line.
    pub(super) fn new(inner: UpstreamWire, head: Vec<u8>) -> Self {
        Self { inner, head, written: 0, ending: 0 }
    }

    /// Writes what is left of the head; not before hyper has begun its own, so that nothing is sent too
    /// early.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.ending == END.len() && self.written < self.head.len() {
            let count = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.head[self.written..]))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for HeadWire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(cx, buffer)
    }
}

impl AsyncWrite for HeadWire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.ending < END.len() {
            for (index, byte) in bytes.iter().enumerate() {
                this.ending = match byte {
                    byte if *byte == END[this.ending] => this.ending + 1,
                    b'\r' => 1,
                    _ => 0,
                };
                if this.ending == END.len() {
                    return Poll::Ready(Ok(index + 1));
                }
            }
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(this.poll_head(cx))?;
        Pin::new(&mut this.inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_head(cx))?;
        Pin::new(&mut this.inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_head(cx))?;
        Pin::new(&mut this.inner).poll_shutdown(cx)
    }
}
