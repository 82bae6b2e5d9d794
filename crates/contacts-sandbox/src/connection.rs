//! One connection: request after request until it closes, and the faults that act on it.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::answer::Answer;
use crate::fault::Act;
use crate::message::{Message, Refusal};
use crate::state::Handled;

/// How long a client may be silent.
const IDLE: Duration = Duration::from_secs(60);

/// What a connection needs of its listener.
pub(crate) struct Service<'a> {
    pub(crate) max_body: usize,
    pub(crate) stop: &'a AtomicBool,
    pub(crate) handle: &'a dyn Fn(&Message) -> Handled,
    /// Takes note of a request that got this answer without being handled.
    pub(crate) refused: &'a dyn Fn(&Message, &Answer),
}

/// Serves a connection; `done` is called right before it is closed.
pub(crate) fn serve(
    mut stream: TcpStream,
    service: &Service<'_>,
    done: impl FnOnce(),
) -> io::Result<()> {
    let ended = requests(&mut stream, service);
    done();
    ended
}

fn requests(stream: &mut TcpStream, service: &Service<'_>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_write_timeout(Some(IDLE))?;
    let mut pending = Vec::new();
    loop {
        match Message::read(stream, &mut pending, service.max_body) {
            Ok(message) => {
                let handled = (service.handle)(&message);
                let mut bytes = bytes(&handled.answer, message.keep_alive);
                if message.method == "HEAD" {
                    // With the length that the body would have.
                    let body = handled.answer.body.map_or(0, |body| body.len());
                    bytes.truncate(bytes.len() - body);
                }
                let goes_on = send(stream, &bytes, handled.act, service.stop)?;
                if !goes_on || !message.keep_alive {
                    return Ok(());
                }
            }
            Err(Refusal::Answer(message, refusal)) => {
                (service.refused)(&message, &refusal);
                stream.write_all(&bytes(&refusal, false))?;
                return drain(stream);
            }
            Err(Refusal::Closed) => return Ok(()),
        }
    }
}

/// Sends an answer as a fault lets it; `false` if the connection ends with it.
fn send(
    stream: &mut TcpStream,
    bytes: &[u8],
    act: Option<Act>,
    stop: &AtomicBool,
) -> io::Result<bool> {
    match act {
        None => stream.write_all(bytes)?,
        Some(Act::Delay(by)) => {
            pause(by, stop);
            stream.write_all(bytes)?;
        }
        Some(Act::Drip(by)) => {
            for byte in bytes.chunks(1) {
                pause(by, stop);
                stream.write_all(byte)?;
            }
        }
        Some(Act::Close) => return Ok(false),
        Some(Act::Half) => {
            stream.write_all(&bytes[..bytes.len() / 2])?;
            return Ok(false);
        }
        Some(Act::Reset) => {
            // Closing discards what is unsent and resets.
            SockRef::from(&*stream).set_linger(Some(Duration::ZERO))?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Sleeps in slices, so that a sandbox that was stopped leaves no thread behind for long.
fn pause(by: Duration, stop: &AtomicBool) {
    const SLICE: Duration = Duration::from_millis(50);
    let end = Instant::now() + by;
    while !stop.load(Ordering::SeqCst) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(left.min(SLICE));
    }
}

/// Takes in what the client still sends, within limits: closing on it would reset the connection,
/// and the client would never see the answer.
fn drain(stream: &mut TcpStream) -> io::Result<()> {
    const MOST: u64 = 64 * 1024 * 1024;
    const LONGEST: Duration = Duration::from_secs(2);
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(LONGEST))?;
    io::copy(&mut stream.take(MOST), &mut io::sink())?;
    Ok(())
}

fn bytes(answer: &Answer, keep_alive: bool) -> Vec<u8> {
    let body = answer.body.as_deref();
    let mut text = String::with_capacity(256 + body.map_or(0, str::len));
    text += "HTTP/1.1 ";
    text += &answer.status.to_string();
    text += " ";
    text += reason(answer.status);
    text += "\r\n";
    let mut header = |name: &str, value: &str| {
        text += name;
        text += ": ";
        text += value;
        text += "\r\n";
    };
    if let Some(body) = body {
        header("content-type", &answer.content_type);
        header("content-length", &body.len().to_string());
    } else if answer.status != 204 && answer.status != 304 {
        header("content-length", "0");
    }
    for (name, value) in &answer.headers {
        header(name, value);
    }
    if !keep_alive {
        header("connection", "close");
    }
    text += "\r\n";
    text += body.unwrap_or_default();
    text.into_bytes()
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
