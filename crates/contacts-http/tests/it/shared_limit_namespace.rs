//! Machines that share a limit: processes in network namespaces, each with its own loopback and a network
//! to the store. Needs `ip` and the right to create namespaces.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use contacts_http::RateLimit;

use crate::limit::enforcing_all;
use crate::shared_limit::{CHILD_FORWARD, CHILD_STORE, process, wait_for_all};
use crate::store_server::{StoreServer, proxy};

/// A network namespace and a link to it.
struct Namespace {
    name: String,
    /// The address of this end of the link.
    address: String,
}

fn ip(arguments: &str) -> bool {
    let mut command = Command::new("ip");
    command.args(arguments.split(' ')).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

impl Namespace {
    /// `None` if it is not permitted here. The addresses are reserved for tests of networks.
    fn create(number: u8) -> Option<Self> {
        let name = format!("contacts-{}-{number}", std::process::id());
        if !ip(&format!("netns add {name}")) {
            return None;
        }
        let namespace = Self {
            address: format!("198.18.{number}.1"),
            name,
        };
        let (name, here) = (&namespace.name, &namespace.address);
        let (link, there) = (
            format!("dc{}n{number}", std::process::id()),
            format!("198.18.{number}.2"),
        );
        let steps = [
            format!("link add {link} type veth peer name eth0 netns {name}"),
            format!("addr add {here}/24 dev {link}"),
            format!("link set {link} up"),
            format!("-n {name} addr add {there}/24 dev eth0"),
            format!("-n {name} link set eth0 up"),
            format!("-n {name} link set lo up"),
        ];
        steps.iter().all(|step| ip(step)).then_some(namespace)
    }

    /// The command, in this namespace.
    fn run(&self, command: &Command) -> Command {
        let mut inside = Command::new("ip");
        inside.args(["netns", "exec", &self.name]);
        inside.arg(command.get_program()).args(command.get_args());
        let set = |(name, value): (_, Option<_>)| Some((name, value?));
        inside.envs(command.get_envs().filter_map(set));
        inside.stdout(Stdio::null());
        inside
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The link ends with it.
        ip(&format!("netns delete {}", self.name));
    }
}

#[test]
fn processes_of_two_machines_share_one_limit() {
    let (Some(first), Some(second)) = (Namespace::create(1), Namespace::create(2)) else {
        let _ = writeln!(
            io::stderr(),
            "test skipped: network namespaces are not permitted here"
        );
        return;
    };
    let bind = ["--bind", "127.0.0.1", &first.address, &second.address];
    let Some(store) = StoreServer::redis(&[&bind[..], &["--protected-mode", "no"]].concat()) else {
        return;
    };
    store.wait_until_older_than(Duration::from_secs(3));
    let limits = vec![
        RateLimit::new(20, Duration::from_millis(500)),
        RateLimit::new(60, Duration::from_secs(3)),
    ];
    let api = enforcing_all(limits, Duration::from_millis(10));
    let children = [first, second].map(|namespace| {
        let (here, to) = (&namespace.address, api.address.to_string());
        let port = proxy(&format!("{here}:0"), move || to.clone(), Duration::ZERO);
        let mut child = process(&api, &store, "short", 60);
        child.env(CHILD_STORE, format!("redis://{here}:{}", store.port));
        child.env(CHILD_FORWARD, format!("{} {here}:{port}", api.address));
        let child = namespace.run(&child).spawn().unwrap();
        (namespace, child)
    });
    let (_namespaces, children): (Vec<_>, Vec<_>) = children.into_iter().unzip();
    wait_for_all(children);
    let answers = api.requests();
    assert_eq!(answers.len(), 120);
    assert!(answers.iter().all(|answer| answer == "204"), "{answers:?}");
}
