//! One connection: request after request until it closes.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::answer::Answer;
use crate::message::{Message, Refusal};

/// How long a client may be silent.
const IDLE: Duration = Duration::from_secs(60);

pub(crate) fn serve(mut stream: TcpStream, answer: impl Fn(&Message) -> Answer) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_write_timeout(Some(IDLE))?;
    let mut pending = Vec::new();
    loop {
        match Message::read(&mut stream, &mut pending) {
            Ok(message) => {
                let mut answer = answer(&message);
                if message.method == "HEAD" {
                    answer.body = None;
                }
                write(&mut stream, &answer, message.keep_alive)?;
                if !message.keep_alive {
                    return Ok(());
                }
            }
            Err(Refusal::Answer(refusal)) => {
                write(&mut stream, &refusal, false)?;
                return drain(&mut stream);
            }
            Err(Refusal::Closed) => return Ok(()),
        }
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

fn write(stream: &mut TcpStream, answer: &Answer, keep_alive: bool) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    if let Some(body) = &answer.body {
        let length = body.len();
        head += "content-type: application/json\r\ncontent-length: ";
        head += &length.to_string();
        head += "\r\n";
    }
    if !keep_alive {
        head += "connection: close\r\n";
    }
    head += "\r\n";
    head += answer.body.as_deref().unwrap_or_default();
    stream.write_all(head.as_bytes())
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        431 => "Request Header Fields Too Large",
        _ => "Status",
    }
}
