//! Sends the head and the body of a request in one write. ureq writes them one after the other,
//! which costs a packet and a system call, and wakes the server for half a request.

use std::time::Instant;

use ureq::Timeout;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use super::connector::{record_start, within_proxy_deadline};

/// A transport that collects output until a response is awaited.
#[derive(Debug)]
pub(crate) struct CoalescedWrites<T> {
    transport: T,
    buffers: LazyBuffers,
    /// Output that is not sent yet.
    pending: Vec<u8>,
    /// The timeout of the last write, until it is sent.
    timeout: Option<NextTimeout>,
    /// Whether input arrived since the last check for an open connection.
    has_new_input: bool,
    /// Whether the next input is the start of a response.
    is_start: bool,
}

impl<T: Transport> CoalescedWrites<T> {
    pub(crate) fn new(transport: T, input_size: usize, output_size: usize) -> Self {
        Self {
            transport,
            buffers: LazyBuffers::new(input_size, output_size),
            pending: Vec::new(),
            timeout: None,
            has_new_input: false,
            is_start: false,
        }
    }

    /// Sends the pending output, in chunks that fit the inner transport.
    fn flush(&mut self) -> Result<(), ureq::Error> {
        let Some(timeout) = self.timeout.take() else {
            return Ok(());
        };
        let mut pending = self.pending.as_slice();
        while !pending.is_empty() {
            let output = self.transport.buffers().output();
            let (chunk, rest) = pending.split_at(pending.len().min(output.len()));
            output[..chunk.len()].copy_from_slice(chunk);
            self.transport.transmit_output(chunk.len(), timeout)?;
            pending = rest;
        }
        self.pending.clear();
        self.is_start = true;
        Ok(())
    }

    /// Reads until the attempt times out: the timeout per read is only there to save system calls.
    fn read(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let started = Instant::now();
        match self.transport.await_input(timeout) {
            Err(ureq::Error::Timeout(Timeout::PerRead)) if timeout.reason == Timeout::PerCall => {
                let rest = timeout.after.saturating_sub(started.elapsed());
                self.transport.await_input(NextTimeout {
                    after: Duration::Exact(rest),
                    per_read: None,
                    ..timeout
                })
            }
            result => result,
        }
    }

    /// Moves input from the inner transport; returns whether there was any.
    fn take_input(&mut self) -> bool {
        let from = self.transport.buffers();
        let to = self.buffers.input_append_buf();
        let length = from.input().len().min(to.len());
        to[..length].copy_from_slice(&from.input()[..length]);
        from.input_consume(length);
        self.buffers.input_appended(length);
        if length > 0 && std::mem::take(&mut self.is_start) {
            record_start(self.buffers.input());
        }
        length > 0
    }
}

impl<T: Transport> Transport for CoalescedWrites<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let output = self.buffers.output();
        self.pending.extend_from_slice(&output[..amount]);
        self.timeout = Some(timeout);
        // A long body is not collected in memory.
        if self.pending.len() > output.len() / 2 {
            return self.flush();
        }
        Ok(())
    }

    /// Input that arrived before the request was sent is not its response.
    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if self.pending.is_empty() && self.buffers.can_use_input() {
            return Ok(true);
        }
        self.await_input(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let timeout = within_proxy_deadline(timeout)?;
        self.flush()?;
        if self.take_input() {
            return Ok(true);
        }
        let has_input = self.read(timeout)?;
        self.take_input();
        self.has_new_input = has_input;
        Ok(has_input)
    }

    /// A connection with unread input is not reused: that input would be taken for the response to
    /// the next request. ureq checks twice, after a response and before the next request, at three
    /// system calls each; the first check needs none, since the response has just arrived.
    fn is_open(&mut self) -> bool {
        let has_new_input = std::mem::take(&mut self.has_new_input);
        let is_drained =
            self.buffers.input().is_empty() && self.transport.buffers().input().is_empty();
        is_drained && (has_new_input || self.transport.is_open())
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

#[cfg(test)]
mod tests;
