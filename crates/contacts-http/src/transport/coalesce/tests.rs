use std::time::Duration;

use ureq::Timeout;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use super::CoalescedWrites;

/// Records every write, and has input from the start.
#[derive(Debug)]
struct FakeTransport {
    buffers: LazyBuffers,
    sent: Vec<Vec<u8>>,
    input: Vec<u8>,
    probes: usize,
    tls: bool,
    /// The timeouts of all reads. Those per read expire.
    timeouts: Vec<NextTimeout>,
}

impl Transport for FakeTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        self.sent.push(self.buffers.output()[..amount].to_vec());
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.timeouts.push(timeout);
        if timeout.per_read.is_some() {
            return Err(ureq::Error::Timeout(Timeout::PerRead));
        }
        let buffer = self.buffers.input_append_buf();
        let length = self.input.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.input[..length]);
        self.input.drain(..length);
        self.buffers.input_appended(length);
        Ok(length > 0)
    }

    fn is_open(&mut self) -> bool {
        self.probes += 1;
        true
    }

    fn is_tls(&self) -> bool {
        self.tls
    }
}

fn transport(size: usize, input: &[u8]) -> CoalescedWrites<FakeTransport> {
    let fake = FakeTransport {
        buffers: LazyBuffers::new(16, 16),
        sent: Vec::new(),
        input: input.to_vec(),
        probes: 0,
        tls: false,
        timeouts: Vec::new(),
    };
    CoalescedWrites::new(fake, size, size)
}

fn write(outer: &mut CoalescedWrites<FakeTransport>, bytes: &[u8]) {
    outer.buffers().output()[..bytes.len()].copy_from_slice(bytes);
    outer
        .transmit_output(bytes.len(), NextTimeout::default())
        .unwrap();
}

fn read(outer: &mut CoalescedWrites<FakeTransport>) -> Vec<u8> {
    let mut all = Vec::new();
    while outer.await_input(NextTimeout::default()).unwrap() {
        let input = outer.buffers().input().to_vec();
        outer.buffers().input_consume(input.len());
        all.extend(input);
    }
    all
}

#[test]
fn head_and_body_are_sent_in_one_write_when_a_response_is_awaited() {
    let mut outer = transport(32, b"answer");
    write(&mut outer, b"head ");
    write(&mut outer, b"body");
    assert!(outer.transport.sent.is_empty());
    assert_eq!(read(&mut outer), b"answer");
    assert_eq!(outer.transport.sent, [b"head body"]);
}

#[test]
fn a_body_read_into_the_buffer_does_not_overwrite_pending_output() {
    let mut outer = transport(16, b"");
    write(&mut outer, b"head");
    let (_, output) = outer.buffers().tmp_and_output();
    output[..2].copy_from_slice(b"ab");
    outer.transmit_output(2, NextTimeout::default()).unwrap();
    read(&mut outer);
    assert_eq!(outer.transport.sent, [b"headab"]);
}

#[test]
fn a_long_body_is_sent_early_and_completely_in_chunks_of_the_inner_transport() {
    let mut outer = transport(64, b"");
    let body: Vec<u8> = (0..=255).collect();
    for chunk in body.chunks(30) {
        write(&mut outer, chunk);
    }
    assert!(outer.transport.sent.concat().len() > 128);
    read(&mut outer);
    assert_eq!(outer.transport.sent.concat(), body);
    assert!(outer.transport.sent.iter().all(|write| write.len() <= 16));
}

#[test]
fn output_is_sent_once_it_fills_more_than_half_of_the_buffer() {
    let mut outer = transport(32, b"");
    write(&mut outer, &[b'a'; 16]);
    assert!(outer.transport.sent.is_empty());
    write(&mut outer, b"b");
    assert_eq!(outer.transport.sent.concat().len(), 17);
}

#[test]
fn it_is_tls_if_the_inner_transport_is() {
    let mut outer = transport(16, b"");
    assert!(!outer.is_tls());
    outer.transport.tls = true;
    assert!(outer.is_tls());
}

#[test]
fn a_long_response_is_read_completely() {
    let answer: Vec<u8> = (0..=255).collect();
    let mut outer = transport(8, &answer);
    write(&mut outer, b"head");
    assert_eq!(read(&mut outer), answer);
}

#[test]
fn input_before_the_request_is_sent_is_not_its_response() {
    let mut outer = transport(16, b"early");
    outer.await_input(NextTimeout::default()).unwrap();
    outer.buffers().input_consume(1);
    assert!(outer.maybe_await_input(NextTimeout::default()).unwrap());
    assert!(outer.transport.sent.is_empty());
    write(&mut outer, b"head");
    assert!(!outer.maybe_await_input(NextTimeout::default()).unwrap());
    assert_eq!(outer.transport.sent, [b"head"]);
}

#[test]
fn a_connection_with_unread_input_is_not_open() {
    let mut outer = transport(16, b"answer and more");
    outer.await_input(NextTimeout::default()).unwrap();
    outer.buffers().input_consume(6);
    assert!(!outer.is_open());
    assert!(!outer.is_open());
    outer.buffers().input_consume(9);
    assert!(outer.is_open());
    assert_eq!(outer.transport.probes, 1);
}

#[test]
fn after_a_response_the_inner_transport_is_checked_before_the_next_request_only() {
    let mut outer = transport(16, b"answer");
    assert!(outer.is_open());
    assert_eq!(outer.transport.probes, 1, "no response yet");
    outer.await_input(NextTimeout::default()).unwrap();
    outer.buffers().input_consume(6);
    assert!(outer.is_open());
    assert_eq!(outer.transport.probes, 1, "right after a response");
    assert!(outer.is_open());
    assert_eq!(outer.transport.probes, 2, "before the next request");
}

/// A timeout that expires for the first read.
fn expiring(reason: Timeout) -> NextTimeout {
    NextTimeout {
        after: Duration::from_secs(10).into(),
        reason,
        per_read: Some(Duration::from_secs(9).into()),
        per_write: None,
    }
}

#[test]
fn a_read_continues_until_its_attempt_times_out() {
    let mut outer = transport(16, b"answer");
    write(&mut outer, b"head");
    assert!(outer.await_input(expiring(Timeout::PerCall)).unwrap());
    let [_, rest] = outer.transport.timeouts[..] else {
        panic!("two reads");
    };
    assert_eq!((rest.reason, rest.per_read), (Timeout::PerCall, None));
    assert!((9..=10).contains(&rest.after.as_secs()));
}

#[test]
fn a_pause_of_a_report_ends_the_read() {
    let mut outer = transport(16, b"answer");
    let read = outer.await_input(expiring(Timeout::RecvBody));
    assert!(matches!(read, Err(ureq::Error::Timeout(Timeout::PerRead))));
}
