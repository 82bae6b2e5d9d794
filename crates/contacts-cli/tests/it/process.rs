//! The real binary: streams, signals, exit codes.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::run::example;

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digicert-contacts"));
    command.env_remove("DIGICERT_API_KEY").stdin(Stdio::null());
    // Without the profiles and the journals of the user.
    for folder in ["XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        command.env(folder, concat!(env!("CARGO_TARGET_TMPDIR"), "/user"));
    }
    command
}

pub(crate) fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([name, &id])
            .status()
            .unwrap()
            .success()
    );
}

/// A sandbox in a separate process.
pub(crate) struct Served {
    child: Child,
    pub(crate) base_url: String,
    pub(crate) api_key: String,
    pub(crate) admin_url: Option<String>,
}

impl Served {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(args: &[&str]) -> Self {
        let mut command = command();
        command.args(["sandbox", "--json"]).args(args);
        command.stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let document: serde_json::Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| document[name].as_str().unwrap().to_owned();
        Self {
            child,
            base_url: text("base_url"),
            api_key: text("api_key"),
            admin_url: document["admin_url"].as_str().map(str::to_owned),
        }
    }

    /// Interrupts it and returns the exit code.
    pub(crate) fn interrupt(mut self) -> Option<i32> {
        signal(&self.child, "-TERM");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_first_command_of_the_readme_works_without_a_key() {
    let output = command()
        .args(["apply", &example("contacts.csv"), "--sandbox", "--yes"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.ends_with("done: 14 orders: 12 changed, 2 unchanged\n12 of 12 verified\n"),
        "{text}"
    );
    assert!(output.stderr.is_empty());
}

#[test]
fn ctrl_c_stops_the_sandbox() {
    let served = Served::start();
    let got = command()
        .args(["get", "100000001", "--base-url", &served.base_url])
        .env("DIGICERT_API_KEY", &served.api_key)
        .output()
        .unwrap();
    assert_eq!(got.status.code(), Some(0));
    assert_eq!(served.interrupt(), Some(0));
}

#[test]
fn the_sandbox_prints_its_url_and_key() {
    let mut child = command()
        .arg("sandbox")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut bytes = [0; 400];
    let length = child.stdout.as_mut().unwrap().read(&mut bytes).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
    assert!(
        text.starts_with("The sandbox is running; stop it with Ctrl-C. It is not DigiCert.\n"),
        "{text}"
    );
    assert!(
        text.contains("sandbox-demo-key") && text.contains("http://127.0.0.1:"),
        "{text}"
    );
}

#[test]
fn exit_codes_reach_the_shell() {
    for (args, code) in [
        (vec!["get", "5", "--sandbox"], 3),
        (vec!["get", "5"], 64),
        (vec!["check", "/no/such/file"], 65),
    ] {
        assert_eq!(
            command().args(&args).output().unwrap().status.code(),
            Some(code),
            "{args:?}"
        );
    }
}

#[test]
fn a_signal_ends_a_wait_for_input() {
    for (args, name) in [
        (&["check", "-"][..], "-TERM"),
        (&["get", "7", "--api-key-file", "-"], "-TERM"),
    ] {
        let mut command = command();
        let mut child = command
            .args(args)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // An open pipe, so that only the signal can end the wait.
        let _stdin = child.stdin.take();
        // Nothing shows when the handler is installed; an earlier signal ends the process silently.
        std::thread::sleep(std::time::Duration::from_millis(300));
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{args:?} {name}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.ends_with("\nerror: interrupted, nothing was sent\n"),
            "{text}"
        );
    }
}

/// Starts a command that waits for input, with `shell`, and sends it a signal once it handles SIGTERM.
/// The input stays open.
#[cfg(target_os = "linux")]
fn signalled(shell: &str, name: &str) -> (Child, Option<ChildStdin>) {
    let mut command = Command::new("sh");
    command.args(["-c", shell, env!("CARGO_BIN_EXE_digicert-contacts")]);
    command.stdin(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let handles_sigterm = || {
        let status = std::fs::read_to_string(&status).unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        u64::from_str_radix(mask.unwrap().trim(), 16).unwrap() >> 14 & 1 == 1
    };
    while !handles_sigterm() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    signal(&child, name);
    let input = child.stdin.take();
    (child, input)
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_and_a_closed_terminal_interrupt_a_command() {
    for name in ["-INT", "-HUP"] {
        let shell = r#"exec env --default-signal=INT,HUP "$0" check -"#;
        let (mut child, _input) = signalled(shell, name);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{name}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn signals_ignored_by_the_parent_stay_ignored() {
    for name in ["-INT", "-HUP"] {
        let (mut child, _input) = signalled(r#"trap "" INT HUP; exec "$0" check -"#, name);
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert!(child.try_wait().unwrap().is_none(), "{name}");
        signal(&child, "-TERM");
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }
}

#[test]
fn a_second_signal_ends_a_request_without_an_answer() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", silent.local_addr().unwrap());
    let mut command = command();
    command
        .args(["get", "7", "--base-url", &base_url])
        .env("DIGICERT_API_KEY", "key");
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let _connection = silent.accept().unwrap();
    signal(&child, "-TERM");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(
        child.try_wait().unwrap().is_none(),
        "the current request is finished"
    );
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_sandbox_that_cannot_print_its_url_stops() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = command();
    let status = command
        .arg("sandbox")
        .stdout(full)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn a_closed_standard_output_is_an_error_and_a_null_device_is_not() {
    for (redirection, code) in [(">&-", 1), (">/dev/null", 0), ("1<>/dev/null", 0)] {
        for option in ["--no-verify", "--json"] {
            let script = format!(r#"exec "$@" {redirection}"#);
            let mut shell = Command::new("sh");
            shell.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_digicert-contacts")]);
            shell.args([
                "apply",
                &example("contacts.csv"),
                "--sandbox",
                "--yes",
                option,
            ]);
            let output = shell.output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{redirection} {output:?}");
            let message = String::from_utf8(output.stderr).unwrap();
            let expected = "error: cannot write the output: standard output is closed\n";
            assert_eq!(message, if code == 0 { "" } else { expected });
        }
    }
    let null = command()
        .args(["get", "100000001", "--sandbox"])
        .stdout(Stdio::null())
        .status();
    assert_eq!(null.unwrap().code(), Some(0));
}
