//! Sends the head and the body of a request in one write. ureq writes them one after the other,
//! which costs a packet and a system call, and wakes the server for half a request.

use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use super::connector::within_proxy_deadline;

/// A transport that buffers output until a response is awaited.
#[derive(Debug)]
pub(crate) struct CoalescedWrites<T> {
    transport: T,
    buffers: PendingOutput,
    /// The timeout of the last buffered write.
    timeout: Option<NextTimeout>,
    /// Whether input arrived since the last check for an open connection.
    has_new_input: bool,
}

/// Buffers that append new output to the output not sent yet.
#[derive(Debug)]
struct PendingOutput {
    buffers: LazyBuffers,
    length: usize,
}

impl<T: Transport> CoalescedWrites<T> {
    pub(crate) fn new(transport: T, input_size: usize, output_size: usize) -> Self {
        Self {
            transport,
            buffers: PendingOutput {
                buffers: LazyBuffers::new(input_size, output_size),
                length: 0,
            },
            timeout: None,
            has_new_input: false,
        }
    }

    /// Sends the pending output, in chunks that fit the inner transport.
    fn flush(&mut self) -> Result<(), ureq::Error> {
        let Some(timeout) = self.timeout.take() else {
            return Ok(());
        };
        let mut pending = &self.buffers.buffers.output()[..self.buffers.length];
        self.buffers.length = 0;
        while !pending.is_empty() {
            let output = self.transport.buffers().output();
            let (chunk, rest) = pending.split_at(pending.len().min(output.len()));
            output[..chunk.len()].copy_from_slice(chunk);
            self.transport.transmit_output(chunk.len(), timeout)?;
            pending = rest;
        }
        Ok(())
    }

    /// Moves input from the inner transport; returns whether there was any.
    fn take_input(&mut self) -> bool {
        let from = self.transport.buffers();
        let to = self.buffers.input_append_buf();
        let length = from.input().len().min(to.len());
        to[..length].copy_from_slice(&from.input()[..length]);
        from.input_consume(length);
        self.buffers.input_appended(length);
        length > 0
    }
}

impl<T: Transport> Transport for CoalescedWrites<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.buffers.length += amount;
        self.timeout = Some(timeout);
        // The next write needs room.
        if self.buffers.output().len() < self.buffers.length {
            return self.flush();
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let timeout = within_proxy_deadline(timeout)?;
        self.flush()?;
        if self.take_input() {
            return Ok(true);
        }
        let has_input = self.transport.await_input(timeout)?;
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

impl Buffers for PendingOutput {
    fn output(&mut self) -> &mut [u8] {
        &mut self.buffers.output()[self.length..]
    }

    fn input(&self) -> &[u8] {
        self.buffers.input()
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.buffers.input_append_buf()
    }

    fn input_appended(&mut self, amount: usize) {
        self.buffers.input_appended(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        self.buffers.input_consume(amount);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        let (tmp, output) = self.buffers.tmp_and_output();
        (tmp, &mut output[self.length..])
    }

    /// Input that arrived before the request was sent is not its response.
    fn can_use_input(&self) -> bool {
        self.length == 0 && self.buffers.can_use_input()
    }
}

#[cfg(test)]
mod tests;
