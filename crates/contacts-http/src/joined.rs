//! Sends the head of a request and its body in one go. ureq writes them one after the other, which
//! costs a packet and a system call more, and wakes the server for half a request.

use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

/// A connection that keeps back what is written until an answer is awaited.
#[derive(Debug)]
pub(crate) struct Joined<T> {
    transport: T,
    buffers: Kept,
    /// How long the last of what is kept back may take to be sent.
    timeout: Option<NextTimeout>,
    /// Whether an answer came since it was last looked whether the connection is open.
    answered: bool,
}

/// Buffers whose output is written behind what is kept back.
#[derive(Debug)]
struct Kept {
    buffers: LazyBuffers,
    length: usize,
}

impl<T: Transport> Joined<T> {
    pub(crate) fn new(transport: T, input_size: usize, output_size: usize) -> Self {
        Self {
            transport,
            buffers: Kept {
                buffers: LazyBuffers::new(input_size, output_size),
                length: 0,
            },
            timeout: None,
            answered: false,
        }
    }

    /// Sends what is kept back, in as many pieces as the transport has room for.
    fn send(&mut self) -> Result<(), ureq::Error> {
        let Some(timeout) = self.timeout.take() else {
            return Ok(());
        };
        let mut left = &self.buffers.buffers.output()[..self.buffers.length];
        self.buffers.length = 0;
        while !left.is_empty() {
            let output = self.transport.buffers().output();
            let (piece, rest) = left.split_at(left.len().min(output.len()));
            output[..piece.len()].copy_from_slice(piece);
            self.transport.transmit_output(piece.len(), timeout)?;
            left = rest;
        }
        Ok(())
    }

    /// Takes over what the transport has read; says whether that was anything.
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

impl<T: Transport> Transport for Joined<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.buffers.length += amount;
        self.timeout = Some(timeout);
        // What comes next needs room.
        if self.buffers.output().len() < self.buffers.length {
            return self.send();
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.send()?;
        if self.take_input() {
            return Ok(true);
        }
        let more = self.transport.await_input(timeout)?;
        self.take_input();
        self.answered = more;
        Ok(more)
    }

    /// Not with something left to read: that would be taken for the answer to the next request.
    /// ureq asks twice, after an answer and before the next request, at three system calls each; the
    /// first time it is clear from the answer.
    fn is_open(&mut self) -> bool {
        let answered = std::mem::take(&mut self.answered);
        let read = self.buffers.input().is_empty() && self.transport.buffers().input().is_empty();
        read && (answered || self.transport.is_open())
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

impl Buffers for Kept {
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

    /// What came before the request was sent is no answer to it.
    fn can_use_input(&self) -> bool {
        self.length == 0 && self.buffers.can_use_input()
    }
}

#[cfg(test)]
mod tests {
    use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

    use super::Joined;

    /// Notes what is sent, piece by piece, and has an input that came by itself.
    #[derive(Debug)]
    struct Fake {
        buffers: LazyBuffers,
        sent: Vec<Vec<u8>>,
        input: Vec<u8>,
        probes: usize,
        tls: bool,
    }

    impl Transport for Fake {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.buffers
        }

        fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
            self.sent.push(self.buffers.output()[..amount].to_vec());
            Ok(())
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
            let room = self.buffers.input_append_buf();
            let length = self.input.len().min(room.len());
            room[..length].copy_from_slice(&self.input[..length]);
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

    fn joined(size: usize, input: &[u8]) -> Joined<Fake> {
        let fake = Fake {
            buffers: LazyBuffers::new(16, 16),
            sent: Vec::new(),
            input: input.to_vec(),
            probes: 0,
            tls: false,
        };
        Joined::new(fake, size, size)
    }

    fn write(joined: &mut Joined<Fake>, bytes: &[u8]) {
        joined.buffers().output()[..bytes.len()].copy_from_slice(bytes);
        joined
            .transmit_output(bytes.len(), NextTimeout::default())
            .unwrap();
    }

    fn read(joined: &mut Joined<Fake>) -> Vec<u8> {
        let mut all = Vec::new();
        while joined.await_input(NextTimeout::default()).unwrap() {
            let input = joined.buffers().input().to_vec();
            joined.buffers().input_consume(input.len());
            all.extend(input);
        }
        all
    }

    #[test]
    fn head_and_body_leave_together_once_an_answer_is_awaited() {
        let mut joined = joined(32, b"answer");
        write(&mut joined, b"head ");
        write(&mut joined, b"body");
        assert!(joined.transport.sent.is_empty());
        assert_eq!(read(&mut joined), b"answer");
        assert_eq!(joined.transport.sent, [b"head body"]);
    }

    #[test]
    fn what_a_body_reads_into_does_not_touch_what_is_kept_back() {
        let mut joined = joined(16, b"");
        write(&mut joined, b"head");
        let (_, output) = joined.buffers().tmp_and_output();
        assert_eq!(output.len(), 12);
        output[..2].copy_from_slice(b"ab");
        joined.transmit_output(2, NextTimeout::default()).unwrap();
        read(&mut joined);
        assert_eq!(joined.transport.sent, [b"headab"]);
    }

    #[test]
    fn a_long_body_is_not_kept_back_and_comes_whole_through_a_narrow_transport() {
        let mut joined = joined(64, b"");
        let body: Vec<u8> = (0..=255).collect();
        for piece in body.chunks(30) {
            write(&mut joined, piece);
        }
        assert!(joined.transport.sent.concat().len() > 128);
        read(&mut joined);
        assert_eq!(joined.transport.sent.concat(), body);
        assert!(joined.transport.sent.iter().all(|piece| piece.len() <= 16));
    }

    #[test]
    fn half_of_the_room_is_enough_for_what_comes_next() {
        let mut joined = joined(32, b"");
        write(&mut joined, &[b'a'; 16]);
        assert!(joined.transport.sent.is_empty());
        write(&mut joined, b"b");
        assert_eq!(joined.transport.sent.concat().len(), 17);
    }

    #[test]
    fn it_is_as_safe_as_what_it_sends_through() {
        let mut joined = joined(16, b"");
        assert!(!joined.is_tls());
        joined.transport.tls = true;
        assert!(joined.is_tls());
    }

    #[test]
    fn a_long_answer_is_read_whole() {
        let answer: Vec<u8> = (0..=255).collect();
        let mut joined = joined(8, &answer);
        write(&mut joined, b"head");
        assert_eq!(read(&mut joined), answer);
    }

    #[test]
    fn what_came_before_the_request_was_sent_is_no_answer() {
        let mut joined = joined(16, b"early");
        joined.await_input(NextTimeout::default()).unwrap();
        joined.buffers().input_consume(1);
        assert!(joined.buffers().can_use_input());
        write(&mut joined, b"head");
        assert!(!joined.buffers().can_use_input());
    }

    #[test]
    fn a_connection_with_something_left_to_read_is_not_open_for_another_request() {
        let mut joined = joined(16, b"answer and more");
        joined.await_input(NextTimeout::default()).unwrap();
        joined.buffers().input_consume(6);
        assert!(!joined.is_open());
        assert!(!joined.is_open());
        joined.buffers().input_consume(9);
        assert!(joined.is_open());
        assert_eq!(joined.transport.probes, 1);
    }

    #[test]
    fn behind_an_answer_the_transport_is_asked_before_the_next_request_only() {
        let mut joined = joined(16, b"answer");
        assert!(joined.is_open());
        assert_eq!(joined.transport.probes, 1, "never answered");
        joined.await_input(NextTimeout::default()).unwrap();
        joined.buffers().input_consume(6);
        assert!(joined.is_open());
        assert_eq!(joined.transport.probes, 1, "just answered");
        assert!(joined.is_open());
        assert_eq!(joined.transport.probes, 2, "some time ago");
    }
}
