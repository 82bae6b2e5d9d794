//! A real Redis or Valkey server for one test, which ends with it.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `make tools` installs both.
pub(crate) const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// A program from the path or from `make tools`. As for other tools, a test without it is skipped, but
/// not with `CONTACTS_TOOLS=required`, which `make test` sets.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools");
    for program in [tools.join(name), PathBuf::from(name)] {
        let mut version = Command::new(&program);
        version.arg("--version").stdout(Stdio::null());
        if version.stderr(Stdio::null()).status().is_ok() {
            return Some(program);
        }
    }
    let is_required = std::env::var_os("CONTACTS_TOOLS").is_some_and(|value| value == "required");
    assert!(
        !is_required,
        "{name} is not installed: `make tools` installs it"
    );
    let _ = writeln!(io::stderr(), "test skipped: {name} is not installed");
    None
}

pub(crate) struct StoreServer {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) port: u16,
    program: PathBuf,
    process: Option<Child>,
}

impl StoreServer {
    /// Starts Redis with these options. It saves nothing unless they say so. `None` if the machine lacks
    /// it.
    pub(crate) fn redis(options: &[&str]) -> Option<Self> {
        Self::start(PROGRAMS[0], options)
    }

    pub(crate) fn start(name: &'static str, options: &[&str]) -> Option<Self> {
        let program = program(name)?;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut server = Self {
            folder: tempfile::tempdir().unwrap(),
            port,
            program,
            process: None,
        };
        server.run(options);
        Some(server)
    }

    /// Starts the server again after `stop`.
    pub(crate) fn run(&mut self, options: &[&str]) {
        self.run_as(Command::new(&self.program), options);
    }

    /// Runs a command that the path and options of the server are appended to.
    pub(crate) fn run_under(&mut self, mut wrapper: Command, options: &[&str]) {
        wrapper.arg(&self.program);
        self.run_as(wrapper, options);
    }

    fn run_as(&mut self, mut command: Command, options: &[&str]) {
        let socket = self.socket();
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"]);
        command.args(["--unixsocket", socket.to_str().unwrap(), "--save", ""]);
        command.args(["--dir", self.folder.path().to_str().unwrap()]);
        let command = command.args(options).stdout(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let deadline = Instant::now() + Duration::from_secs(10);
        while UnixStream::connect(&socket).is_err() {
            assert!(
                Instant::now() < deadline,
                "{} does not start",
                self.program.display()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// The URL of the unix socket.
    pub(crate) fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    pub(crate) fn tcp_url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Sends a command, and returns the start of the reply.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let mut stream = UnixStream::connect(self.socket()).unwrap();
        write!(stream, "*{}\r\n", arguments.len()).unwrap();
        for argument in arguments {
            write!(stream, "${}\r\n{argument}\r\n", argument.len()).unwrap();
        }
        let mut reply = vec![0; 64 * 1024];
        let length = stream.read(&mut reply).unwrap();
        String::from_utf8_lossy(&reply[..length]).into_owned()
    }

    /// The sum of the calls of both scripts.
    pub(crate) fn script_calls(&self) -> u64 {
        let stats = self.command(&["INFO", "commandstats"]);
        let calls = |name: &str| {
            let line = stats.lines().find_map(|line| line.strip_prefix(name));
            let calls = line.and_then(|line| line.split(',').next());
            calls.map_or(0, |calls| calls.parse::<u64>().unwrap())
        };
        calls("cmdstat_evalsha:calls=") + calls("cmdstat_eval:calls=")
    }

    /// Kills the server, without a chance to save.
    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            process.wait().unwrap();
            let _ = fs::remove_file(self.socket());
        }
    }

    /// Waits until the age of the server cannot mean that it lost data.
    pub(crate) fn wait_until_older_than(&self, window: Duration) {
        let is_older = || {
            let info = self.command(&["INFO", "server"]);
            let uptime = info
                .lines()
                .find_map(|line| line.strip_prefix("uptime_in_seconds:"));
            uptime.unwrap().trim().parse::<u64>().unwrap() > window.as_secs()
        };
        while !is_older() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for StoreServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A proxy in front of a server that delays each piece of data by `delay`.
pub(crate) fn slow_proxy(port: u16, delay: Duration) -> u16 {
    proxy("127.0.0.1:0", move || format!("127.0.0.1:{port}"), delay)
}

/// A proxy at an address, in front of the server that `to` names for each connection. Returns its port.
pub(crate) fn proxy(
    address: &str,
    to: impl Fn() -> String + Send + 'static,
    delay: Duration,
) -> u16 {
    let listener = TcpListener::bind(address).unwrap();
    let proxy = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            // Without a server, the connection is closed.
            let Ok(server) = TcpStream::connect(to()) else {
                continue;
            };
            for (from, to) in [(&client, &server), (&server, &client)] {
                let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                std::thread::spawn(move || forward(from, to, delay));
            }
        }
    });
    proxy
}

fn forward(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let mut data = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut data) {
        std::thread::sleep(delay);
        if to.write_all(&data[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}
