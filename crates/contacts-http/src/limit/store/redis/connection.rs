//! One connection to a store. Its reads are divided into slices, so that a call can be cancelled.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::{Cmd, Parser, Value};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use secrecy::ExposeSecret;

use super::address::{StoreAddress, Target};
use super::error::{Problem, Rejection};

/// How often a read checks for a cancellation.
const SLICE: Duration = Duration::from_millis(50);

pub(super) struct Connection {
    socket: Socket,
    parser: Parser,
}

enum Socket {
    Tcp(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// How long an exchange may take.
#[derive(Clone, Copy)]
pub(super) struct Limits<'a> {
    pub(super) connect: Duration,
    pub(super) answer: Duration,
    pub(super) cancelled: &'a dyn Fn() -> bool,
}

impl Connection {
    /// Connects and logs in.
    pub(super) fn open(
        address: &StoreAddress,
        tls: impl FnOnce() -> Result<Arc<ClientConfig>, Problem>,
        limits: Limits<'_>,
    ) -> Result<Self, Problem> {
        let socket = match &address.target {
            Target::Tcp(host, port) => {
                let stream = connect(host, *port, limits.connect).map_err(Problem::Connect)?;
                if address.is_tls {
                    Socket::Tls(Box::new(handshake(tls()?, host, stream, limits.connect)?))
                } else {
                    Socket::Tcp(stream)
                }
            }
            #[cfg(unix)]
            Target::Unix(path) => {
                Socket::Unix(UnixStream::connect(path).map_err(Problem::Connect)?)
            }
            #[cfg(not(unix))]
            Target::Unix(_) => return Err(Problem::Connect(ErrorKind::Unsupported.into())),
        };
        socket.set_timeouts(limits.answer).map_err(Problem::of_io)?;
        let mut connection = Self {
            socket,
            parser: Parser::new(),
        };
        for command in setup(address) {
            connection.query(&command, limits)?;
        }
        Ok(connection)
    }

    /// Sends a command and waits for the reply.
    pub(super) fn query(&mut self, command: &Cmd, limits: Limits<'_>) -> Result<Value, Problem> {
        let sent = self.socket.write_all(&command.get_packed_command());
        sent.and_then(|()| self.socket.flush())
            .map_err(Problem::of_io)?;
        let mut reply = Reply {
            socket: &mut self.socket,
            deadline: Instant::now() + limits.answer,
            cancelled: limits.cancelled,
            failure: None,
        };
        let value = self.parser.parse_value(&mut reply);
        if let Some(failure) = reply.failure {
            return Err(failure);
        }
        // The crate gives the kind of its errors only.
        let problem = |error: redis::RedisError| {
            if error.is_io_error() {
                Problem::Closed
            } else {
                Problem::NotRedis
            }
        };
        match value.map_err(problem)? {
            Value::ServerError(error) => {
                let rejection = Rejection::new(error.code(), error.details().unwrap_or_default());
                Err(Problem::Rejected(rejection))
            }
            value => Ok(value),
        }
    }
}

/// The commands that log in and select the database.
fn setup(address: &StoreAddress) -> Vec<Cmd> {
    let mut commands = Vec::new();
    if let Some(login) = &address.login {
        let mut auth = redis::cmd("AUTH");
        if let Some(user) = &login.user {
            auth.arg(user.expose_secret());
        }
        auth.arg(login.password.expose_secret());
        commands.push(auth);
    }
    if address.database != 0 {
        let mut select = redis::cmd("SELECT");
        select.arg(address.database);
        commands.push(select);
    }
    commands
}

/// Tries the addresses of a host in turn.
fn connect(host: &str, port: u16, timeout: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::new(ErrorKind::NotFound, "the host has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn handshake(
    config: Arc<ClientConfig>,
    host: &str,
    mut stream: TcpStream,
    timeout: Duration,
) -> Result<StreamOwned<ClientConnection, TcpStream>, Problem> {
    let name = ServerName::try_from(host.to_owned());
    let name = name.map_err(|_| Problem::Tls("the host is not valid".to_owned()))?;
    let mut session =
        ClientConnection::new(config, name).map_err(|error| Problem::of_tls(&error))?;
    let timeouts = stream
        .set_read_timeout(Some(timeout))
        .and_then(|()| stream.set_write_timeout(Some(timeout)));
    timeouts.map_err(Problem::Connect)?;
    while session.is_handshaking() {
        session.complete_io(&mut stream).map_err(Problem::of_io)?;
    }
    Ok(StreamOwned::new(session, stream))
}

impl Socket {
    fn set_timeouts(&self, write: Duration) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => set_timeouts(stream, write),
            Self::Tls(stream) => set_timeouts(&stream.sock, write),
            #[cfg(unix)]
            Self::Unix(stream) => {
                stream.set_write_timeout(Some(write))?;
                stream.set_read_timeout(Some(SLICE))
            }
        }
    }
}

fn set_timeouts(stream: &TcpStream, write: Duration) -> io::Result<()> {
    stream.set_write_timeout(Some(write))?;
    stream.set_read_timeout(Some(SLICE))
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
            #[cfg(unix)]
            Self::Unix(stream) => stream.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(buffer),
            Self::Tls(stream) => stream.write(buffer),
            #[cfg(unix)]
            Self::Unix(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
            #[cfg(unix)]
            Self::Unix(stream) => stream.flush(),
        }
    }
}

/// A reader that waits until the deadline or a cancellation.
struct Reply<'a> {
    socket: &'a mut Socket,
    deadline: Instant,
    cancelled: &'a dyn Fn() -> bool,
    failure: Option<Problem>,
}

impl Read for Reply<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let error = match self.socket.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => error,
                read => return read,
            };
            let is_slice = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
            self.failure = if is_slice && (self.cancelled)() {
                Some(Problem::Cancelled)
            } else if is_slice && Instant::now() < self.deadline {
                continue;
            } else {
                Some(Problem::of_io(error))
            };
            return Err(ErrorKind::Other.into());
        }
    }
}
