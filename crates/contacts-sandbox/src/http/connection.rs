//! One connection: its requests in turn, and the faults that act on the connection.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::listener::Server;
use super::request::{ReadError, Request};
use crate::fault::{Action, Fault};

const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Serves a connection until it is to be closed.
pub(super) fn serve(stream: &mut TcpStream, server: &Server, peer: SocketAddr) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(IDLE_TIMEOUT))?;
    stream.set_write_timeout(Some(IDLE_TIMEOUT))?;
    let mut pending = Vec::new();
    loop {
        match Request::read(stream, &mut pending, server.max_body) {
            Ok(request) => {
                let reply = server.handler.handle(&request, peer);
                let mut bytes = reply.response.to_bytes(request.keep_alive);
                if request.method == "HEAD" {
                    // The headers stay as for a GET, with the length of its body.
                    let body = reply.response.body.map_or(0, |body| body.len());
                    bytes.truncate(bytes.len() - body);
                }
                let open = send(stream, &bytes, reply.fault.as_ref(), &server.shutdown)?;
                if !open || !request.keep_alive {
                    return Ok(());
                }
            }
            Err(ReadError::Rejected(request, response)) => {
                server.handler.record_rejected(&request, &response);
                stream.write_all(&response.to_bytes(false))?;
                return drain(stream);
            }
            Err(ReadError::Closed) => return Ok(()),
        }
    }
}

/// Sends a response, as the fault distorts it; `false` if the connection must be closed.
fn send(
    stream: &mut TcpStream,
    bytes: &[u8],
    fault: Option<&Fault>,
    shutdown: &AtomicBool,
) -> io::Result<bool> {
    let Some(fault) = fault else {
        stream.write_all(bytes)?;
        return Ok(true);
    };
    match fault.action {
        Action::Status
        | Action::Html
        | Action::Redirect
        | Action::Absent
        | Action::Lag
        | Action::Cut => stream.write_all(bytes)?,
        Action::Delay => {
            sleep(fault.pause(), shutdown);
            stream.write_all(bytes)?;
        }
        Action::Drip => {
            for byte in bytes.chunks(1) {
                sleep(fault.pause(), shutdown);
                stream.write_all(byte)?;
            }
        }
        Action::Half => stream.write_all(&bytes[..bytes.len() / 2])?,
        // With this, closing discards unsent data and resets the connection.
        Action::Reset => SockRef::from(&*stream).set_linger(Some(Duration::ZERO))?,
        Action::Close => {}
    }
    let closes = [Action::Half, Action::Reset, Action::Close];
    Ok(!closes.contains(&fault.action))
}

/// Sleeps in slices, so that a thread ends soon after shutdown.
fn sleep(time: Duration, shutdown: &AtomicBool) {
    const SLICE: Duration = Duration::from_millis(50);
    let deadline = Instant::now() + time;
    while !shutdown.load(Ordering::SeqCst) {
        let remaining = deadline.saturating_duration_since(Instant::now());
        if remaining.is_zero() {
            return;
        }
        thread::sleep(remaining.min(SLICE));
    }
}

/// Reads what the client still sends, within limits: closing earlier would reset the connection
/// and the client would never see the response.
fn drain(stream: &mut TcpStream) -> io::Result<()> {
    const MAX_BYTES: u64 = 64 * 1024 * 1024;
    const TIMEOUT: Duration = Duration::from_secs(2);
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    io::copy(&mut stream.take(MAX_BYTES), &mut io::sink())?;
    Ok(())
}
